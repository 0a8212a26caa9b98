import type { AccountMonitors } from "@blink-streams/events"
import { timestampFromMillis } from "@blink-streams/model"
import type { ServerMessage, Subscribe } from "@blink-streams/protocol"
import { Clock, Effect, Schedule, Stream, SubscriptionRef } from "effect"
import type { Limits } from "../../Limits.ts"
import type { MediaUrlSigner } from "../media/MediaUrlSigner.ts"
import { worstSources } from "../views/filterState.ts"
import { textFrames } from "../socket/frames.ts"
import { isBehind, type Subscriber } from "./Subscriber.ts"
import { makeFrameWriter } from "./frameWriter.ts"
import { makeSubscriptionCursors } from "./SubscriptionCursors.ts"
import { snapshotBody } from "../views/snapshotBody.ts"
import { makeStateFeed } from "./StateFeed.ts"
import type { Stats } from "../metrics/Stats.ts"
import { visiblePrompts } from "../views/visiblePrompts.ts"

export interface HubOptions {
  readonly monitors: AccountMonitors["Service"]
  readonly limits: Limits
  readonly mediaUrls: MediaUrlSigner
  readonly stats: Stats
}

export interface Hub {
  add(subscriber: Subscriber): void
  remove(subscriber: Subscriber): void
  /** Answers the request and starts serving it. */
  subscribe(subscriber: Subscriber, request: Subscribe): Effect.Effect<void>
  unsubscribe(subscriber: Subscriber, id: string): void
  send(subscriber: Subscriber, message: ServerMessage): void
  readonly subscribers: ReadonlySet<Subscriber>
}

const forkRepeating = (intervalMs: number, action: () => void) =>
  Effect.forkScoped(Effect.repeat(Effect.sync(action), Schedule.spaced(intervalMs)))

/** From one log to many peers: a batch is encoded once per shape and handed to each peer in one write. */
export const makeHub = Effect.fnUntraced(function* (options: HubOptions) {
  const { monitors, limits, mediaUrls, stats } = options
  const { log } = monitors
  const clock = yield* Clock.Clock
  const now = () => clock.currentTimeMillisUnsafe()
  const subscribers = new Set<Subscriber>()
  let prompts = yield* SubscriptionRef.get(monitors.prompts)

  const writer = makeFrameWriter({
    highWaterBytes: limits.highWaterBytes,
    stats,
    now,
    onDrained: (subscriber) => {
      cursors.resume(subscriber)
      states.sendSkipped(subscriber)
    },
  })
  const states = makeStateFeed({
    log,
    limits,
    mediaUrls,
    stats,
    subscribers,
    writer,
    now,
    seq: () => cursors.seq(),
  })
  const cursors = yield* makeSubscriptionCursors({
    log,
    mediaUrls,
    stats,
    writer,
    now,
    onCaughtUp: states.sendSkipped,
    makeSnapshot: ({ permissions }, { id, filter = {} }, logSnapshot, resume, replayed) => {
      const snapshot = snapshotBody(permissions, filter, logSnapshot, prompts, mediaUrls, now())
      return { type: "snapshot", id, ...snapshot, resume, replayed }
    },
  })

  const heartbeat = () => {
    const serverTime = timestampFromMillis(now())
    const frames = new Map<string, Buffer>()
    for (const subscriber of subscribers) {
      subscriber.sink.ping()
      // A place may only be told to a peer that has got everything up to it.
      if (isBehind(subscriber)) continue
      const key = JSON.stringify(subscriber.permissions.accounts)
      let frame = frames.get(key)
      if (frame === undefined) {
        const sources = worstSources(states.visibleStates(subscriber.permissions))
        const { epoch } = log
        const message: ServerMessage = { type: "heartbeat", epoch, seq: cursors.seq(), serverTime, sources }
        frame = textFrames([JSON.stringify(message)])
        frames.set(key, frame)
      }
      stats.frames += 1
      writer.write(subscriber, frame)
    }
  }

  /** States that were held back, and peers that take nothing. */
  const checkBackpressure = () => {
    const at = now()
    states.sendDue()
    let behind = 0
    for (const subscriber of subscribers) {
      if (subscriber.backpressured === null) continue
      behind += 1
      const { queuedBytes } = subscriber.sink
      if (queuedBytes < subscriber.backpressured.queuedBytes)
        subscriber.backpressured = { since: at, queuedBytes }
      else if (at - subscriber.backpressured.since >= limits.slowDeadlineMs)
        subscriber.sink.close(4430, "nothing was read for too long")
    }
    stats.behind = behind
  }

  /** The feed begins at the newest place: who is not there is served from the log, and told if that has a gap. */
  const logFeed = Effect.flatMap(log.snapshot, ({ seq, state }) => {
    for (const account of state.accounts) states.update(account)
    cursors.advanceTo(seq)
    states.sendDue()
    return Stream.runForEachArray(log.changes, (changes) =>
      Effect.sync(() => {
        // States are known before the events that they hold are told: whoever has got those gets no older state.
        for (const { state } of changes) if (state !== null) states.update(state)
        for (const change of changes) cursors.publish(change)
        states.sendDue()
      }),
    )
  })
  yield* logFeed.pipe(
    Effect.tapCause((cause) =>
      Effect.logWarning("the feed of the event log broke; it is taken up again", cause),
    ),
    Effect.retry(Schedule.min([Schedule.exponential("100 millis"), Schedule.spaced("5 seconds")])),
    // At once: the feed begins where the readers stand.
    Effect.forkScoped({ startImmediately: true }),
  )
  yield* SubscriptionRef.changes(monitors.prompts).pipe(
    Stream.changesWith((before, after) => before === after),
    Stream.drop(1),
    Stream.runForEach((all) =>
      Effect.sync(() => {
        prompts = all
        for (const subscriber of subscribers)
          if (subscriber.capabilities.has("prompts"))
            writer.send(subscriber, { type: "prompts", prompts: visiblePrompts(subscriber.permissions, all) })
      }),
    ),
    Effect.forkScoped({ startImmediately: true }),
  )
  yield* forkRepeating(limits.heartbeatMs, heartbeat)
  yield* forkRepeating(1_000, checkBackpressure)

  const hub: Hub = {
    subscribers,
    send: writer.send,
    subscribe: cursors.subscribe,
    unsubscribe: cursors.unsubscribe,
    add: (subscriber) => void subscribers.add(subscriber),
    remove: (subscriber) => {
      subscriber.closed = true
      subscribers.delete(subscriber)
      cursors.removeAll(subscriber)
    },
  }
  return hub
})
