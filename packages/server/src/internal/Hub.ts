import type { Homes } from "@blink-streams/events/Homes"
import { fromMillis } from "@blink-streams/model/Timestamp"
import type { Subscribe } from "@blink-streams/protocol/ClientMessage"
import type { ServerMessage } from "@blink-streams/protocol/ServerMessage"
import { Clock, Effect, Schedule, Stream, SubscriptionRef } from "effect"
import type { Limits } from "../Limits.ts"
import type { MediaAddress } from "../MediaAddress.ts"
import { sourcesOf } from "../stateView.ts"
import { textFrames } from "./frames.ts"
import { isBehind, type Line } from "./Line.ts"
import { makeLineWriter } from "./lineWriter.ts"
import { makeReaders } from "./Readers.ts"
import { snapshotBody } from "./snapshotBody.ts"
import { makeStateFeed } from "./StateFeed.ts"
import type { Stats } from "./Stats.ts"
import { visiblePrompts } from "./visiblePrompts.ts"

export interface HubOptions {
  readonly homes: Homes["Service"]
  readonly limits: Limits
  readonly media: MediaAddress
  readonly stats: Stats
}

export interface Hub {
  add(line: Line): void
  remove(line: Line): void
  /** Answers the request and starts serving it. */
  subscribe(line: Line, request: Subscribe): Effect.Effect<void>
  unsubscribe(line: Line, id: string): void
  send(line: Line, message: ServerMessage): void
  readonly lines: ReadonlySet<Line>
}

const every = (millis: number, action: () => void) =>
  Effect.forkScoped(Effect.repeat(Effect.sync(action), Schedule.spaced(millis)))

/** From one log to many peers: a batch is encoded once per shape and handed to each peer in one write. */
export const makeHub = Effect.fnUntraced(function* (options: HubOptions) {
  const { homes, limits, media, stats } = options
  const { log } = homes
  const clock = yield* Clock.Clock
  const now = () => clock.currentTimeMillisUnsafe()
  const lines = new Set<Line>()
  let prompts = yield* SubscriptionRef.get(homes.prompts)

  const writer = makeLineWriter({
    highWaterBytes: limits.highWaterBytes,
    stats,
    now,
    onDrained: (line) => {
      readers.goOn(line)
      states.catchUp(line)
    },
  })
  const states = makeStateFeed({
    log,
    limits,
    media,
    stats,
    lines,
    writer,
    now,
    seq: () => readers.seq(),
  })
  const readers = yield* makeReaders({
    log,
    media,
    stats,
    writer,
    now,
    onCaughtUp: states.catchUp,
    snapshotOf: ({ grant }, { id, filter = {} }, cut, resume, replayed) => {
      const body = snapshotBody(grant, filter, cut, prompts, media, now())
      return { type: "snapshot", id, ...body, resume, replayed }
    },
  })

  const heartbeat = () => {
    const serverTime = fromMillis(now())
    const frames = new Map<string, Buffer>()
    for (const line of lines) {
      line.outlet.ping()
      // A place may only be told to a peer that has got everything up to it.
      if (isBehind(line)) continue
      const key = JSON.stringify(line.grant.accounts)
      let frame = frames.get(key)
      if (frame === undefined) {
        const sources = sourcesOf(states.visible(line.grant))
        const { epoch } = log
        const message: ServerMessage = { type: "heartbeat", epoch, seq: readers.seq(), serverTime, sources }
        frame = textFrames([JSON.stringify(message)])
        frames.set(key, frame)
      }
      stats.frames += 1
      writer.write(line, frame)
    }
  }

  /** States that were held back, and peers that take nothing. */
  const sweep = () => {
    const at = now()
    states.sendDue()
    let behind = 0
    for (const line of lines) {
      if (line.stuck === null) continue
      behind += 1
      const { waiting } = line.outlet
      if (waiting < line.stuck.waiting) line.stuck = { since: at, waiting }
      else if (at - line.stuck.since >= limits.slowDeadlineMs)
        line.outlet.close(4430, "nothing was read for too long")
    }
    stats.behind = behind
  }

  /** The feed begins at the newest place: who is not there is served from the log, and told if that has a gap. */
  const feed = Effect.flatMap(log.cut, ({ seq, state }) => {
    for (const account of state.accounts) states.take(account)
    readers.skipTo(seq)
    states.sendDue()
    return Stream.runForEachArray(log.changes, (changes) =>
      Effect.sync(() => {
        // States are known before the events that they hold are told: whoever has got those gets no older state.
        for (const { state } of changes) if (state !== null) states.take(state)
        for (const change of changes) readers.publish(change)
        states.sendDue()
      }),
    )
  })
  yield* feed.pipe(
    Effect.tapCause((cause) =>
      Effect.logWarning("the feed of the event log broke; it is taken up again", cause),
    ),
    Effect.retry(Schedule.min([Schedule.exponential("100 millis"), Schedule.spaced("5 seconds")])),
    // At once: the feed begins where the readers stand.
    Effect.forkScoped({ startImmediately: true }),
  )
  yield* SubscriptionRef.changes(homes.prompts).pipe(
    Stream.changesWith((before, after) => before === after),
    Stream.drop(1),
    Stream.runForEach((all) =>
      Effect.sync(() => {
        prompts = all
        for (const line of lines)
          if (line.capabilities.has("prompts"))
            writer.send(line, { type: "prompts", prompts: visiblePrompts(line.grant, all) })
      }),
    ),
    Effect.forkScoped({ startImmediately: true }),
  )
  yield* every(limits.heartbeatMs, heartbeat)
  yield* every(1_000, sweep)

  const hub: Hub = {
    lines,
    send: writer.send,
    subscribe: readers.subscribe,
    unsubscribe: readers.unsubscribe,
    add: (line) => void lines.add(line),
    remove: (line) => {
      line.closed = true
      lines.delete(line)
      readers.removeAll(line)
    },
  }
  return hub
})
