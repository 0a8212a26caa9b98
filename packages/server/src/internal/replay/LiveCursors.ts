import { AccountMonitors } from "@blink-streams/events"
import type { Seq } from "@blink-streams/model"
import type { Subscribe } from "@blink-streams/protocol"
import { Context, Effect, Layer } from "effect"
import type { Subscriber, SubscriptionCursor } from "../hub/Subscriber.ts"
import { SubscriptionGroup } from "./SubscriptionGroup.ts"

interface CursorGroup {
  readonly group: SubscriptionGroup
  readonly cursors: Set<SubscriptionCursor>
}

/** Groups of live cursors, and the newest position that has been published to them. */
export class CursorGroups {
  readonly #byKey = new Map<string, CursorGroup>()
  /** Cursors past the published position: their snapshot includes a batch that the feed has not delivered yet. */
  readonly ahead = new Set<SubscriptionCursor>()
  /** Newest published position. */
  seq: Seq

  constructor(seq: Seq) {
    this.seq = seq
  }

  get groups(): Iterable<CursorGroup> {
    return this.#byKey.values()
  }

  #add(cursor: SubscriptionCursor): void {
    const { key } = cursor.group
    const existing = this.#byKey.get(key)
    if (existing === undefined) {
      this.#byKey.set(key, { group: cursor.group, cursors: new Set([cursor]) })
      return
    }
    cursor.group = existing.group
    cursor.subscriptions = existing.group.subscriptions
    existing.cursors.add(cursor)
  }

  /** Switches a cursor to live and merges it with the other live cursors of its subscriber. */
  join(cursor: SubscriptionCursor): void {
    cursor.mode = "live"
    cursor.replayedUntil = this.seq
    const { subscriber } = cursor
    for (const other of subscriber.cursors)
      if (other !== cursor && other.mode === "live") {
        this.leave(other)
        subscriber.cursors = subscriber.cursors.filter((candidate) => candidate !== other)
        cursor.subscriptions = [...other.subscriptions, ...cursor.subscriptions]
      }
    cursor.group = new SubscriptionGroup(subscriber.permissions, cursor.subscriptions)
    this.#add(cursor)
  }

  /** Removes a cursor from its group and from those ahead. */
  leave(cursor: SubscriptionCursor): void {
    const existing = this.#byKey.get(cursor.group.key)
    existing?.cursors.delete(cursor)
    if (existing?.cursors.size === 0) this.#byKey.delete(cursor.group.key)
    this.ahead.delete(cursor)
  }

  /** Replaces the subscriptions of a cursor. */
  regroup(cursor: SubscriptionCursor, subscriptions: ReadonlyArray<Subscribe>): void {
    this.leave(cursor)
    cursor.subscriptions = subscriptions
    cursor.group = new SubscriptionGroup(cursor.subscriber.permissions, subscriptions)
    if (cursor.mode === "live") this.#add(cursor)
  }

  /** Removes a cursor from its subscriber. */
  remove(cursor: SubscriptionCursor): void {
    this.leave(cursor)
    const { subscriber } = cursor
    subscriber.cursors = subscriber.cursors.filter((candidate) => candidate !== cursor)
  }

  removeAll(subscriber: Subscriber): void {
    for (const cursor of subscriber.cursors) this.leave(cursor)
    subscriber.cursors = []
  }
}

/** The cursors that receive each batch as it is committed. */
export class LiveCursors extends Context.Service<LiveCursors, CursorGroups>()(
  "@blink-streams/server/LiveCursors",
) {
  static readonly layer: Layer.Layer<LiveCursors, never, AccountMonitors> = Layer.effect(
    LiveCursors,
    Effect.gen(function* () {
      const { log } = yield* AccountMonitors
      const { newest } = yield* Effect.orDie(log.bounds)
      return new CursorGroups(newest)
    }),
  )
}
