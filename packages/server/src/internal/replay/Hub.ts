import type { AccountMonitors } from "@blink-streams/events"
import { timestampFromMillis } from "@blink-streams/model"
import type { ServerMessage, Subscribe } from "@blink-streams/protocol"
import { Clock, Effect, Schedule, Stream, SubscriptionRef } from "effect"
import type { Limits } from "../../Limits.ts"
import type { MediaUrlSigner } from "../media/MediaUrlSigner.ts"
import type { Stats } from "../metrics/Stats.ts"
import { textFrames } from "../socket/frames.ts"
import { worstSources } from "../views/filterState.ts"
import { snapshotBody } from "../views/snapshotBody.ts"
import { visiblePrompts } from "../views/visiblePrompts.ts"
import { positionFields } from "./cursorPosition.ts"
import { makeFrameWriter } from "./frameWriter.ts"
import { makeStateFeed } from "./StateFeed.ts"
import { isBehind, type Subscriber } from "./Subscriber.ts"
import { makeSubscriptionCursors } from "./SubscriptionCursors.ts"

export interface HubOptions {
  readonly monitors: AccountMonitors["Service"]
  readonly limits: Limits
  readonly mediaUrls: MediaUrlSigner
  readonly stats: Stats
}

/** Delivers the event log to all peers. */
export interface Hub {
  add(subscriber: Subscriber): void
  remove(subscriber: Subscriber): void
  /** Replies to the request and starts to deliver events. */
  subscribe(subscriber: Subscriber, request: Subscribe): Effect.Effect<void>
  unsubscribe(subscriber: Subscriber, id: string): void
  send(subscriber: Subscriber, message: ServerMessage): void
  readonly subscribers: ReadonlySet<Subscriber>
}

const forkRepeating = (intervalMs: number, action: () => void) =>
  Effect.forkScoped(Effect.repeat(Effect.sync(action), Schedule.spaced(intervalMs)))

/** Makes the hub. A batch of the log is encoded once per subscription group and written to each peer in one write. */
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
      // A heartbeat carries a position: only a peer that has received everything up to it may get one.
      if (isBehind(subscriber)) continue
      const key = JSON.stringify(subscriber.permissions.accounts)
      let frame = frames.get(key)
      if (frame === undefined) {
        const sources = worstSources(states.visibleStates(subscriber.permissions))
        const position = positionFields({ epoch: log.epoch, seq: cursors.seq() })
        const message: ServerMessage = { type: "heartbeat", ...position, serverTime, sources }
        frame = textFrames([JSON.stringify(message)])
        frames.set(key, frame)
      }
      stats.frames += 1
      writer.write(subscriber, frame)
    }
  }

  /** Sends pending states, and closes backpressured peers without progress for `slowDeadlineMs`. */
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

  /**
   * Follows the log from its newest position. Cursors behind it replay from the log, with a gap if events are
   * missing.
   */
  const logFeed = Effect.flatMap(log.snapshot, ({ seq, state }) => {
    for (const account of state.accounts) states.update(account)
    cursors.advanceTo(seq)
    states.sendDue()
    return Stream.runForEachArray(log.changes, (changes) =>
      Effect.sync(() => {
        // States first: a peer that has received these events must not get an older state.
        for (const { state } of changes) if (state !== null) states.update(state)
        for (const change of changes) cursors.publish(change)
        states.sendDue()
      }),
    )
  })
  yield* logFeed.pipe(
    Effect.tapCause((cause) => Effect.logWarning("the event log feed failed and is restarted", cause)),
    Effect.retry(Schedule.min([Schedule.exponential("100 millis"), Schedule.spaced("5 seconds")])),
    // Immediately: the feed must start at the position of the cursors.
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
