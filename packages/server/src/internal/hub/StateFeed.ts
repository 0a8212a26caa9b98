import { AccountMonitors } from "@blink-streams/events"
import type { AccountId, AccountState } from "@blink-streams/model"
import type { Filter, ServerMessage } from "@blink-streams/protocol"
import { Clock, Context, Effect, Layer } from "effect"
import { maySeeAccount, type Permissions, permissionsKey } from "../../Permissions.ts"
import { MediaUrls } from "../media/MediaUrls.ts"
import { ServerMetrics } from "../metrics/ServerMetrics.ts"
import { positionFields } from "../replay/cursorPosition.ts"
import { LiveCursors } from "../replay/LiveCursors.ts"
import { ServerConfig } from "../ServerConfig.ts"
import { textFrames } from "../socket/frames.ts"
import { filterAccountState } from "../views/filterState.ts"
import { FrameWriter } from "./FrameWriter.ts"
import { isBehind, stateFilters, type Subscriber, Subscribers } from "./Subscriber.ts"

/** Makes the encoder of `state` messages. It returns `null` when permissions or filters exclude the account. */
const makeStateMessage = Effect.gen(function* () {
  const { log } = yield* AccountMonitors
  const live = yield* LiveCursors
  const mediaUrls = yield* MediaUrls
  const clock = yield* Clock.Clock
  return (
    permissions: Permissions,
    filters: ReadonlyArray<Filter>,
    state: AccountState,
  ): ServerMessage | null => {
    const visibleState = filterAccountState(permissions, filters, state)
    return (
      visibleState && {
        type: "state",
        // A state holds up to the newest published position while no newer state exists.
        ...positionFields({ epoch: log.epoch, seq: live.seq }),
        state: mediaUrls.signState(visibleState, clock.currentTimeMillisUnsafe()),
      }
    )
  }
})

const makeStateFeed = Effect.gen(function* () {
  const { stateIntervalMs } = (yield* ServerConfig).limits
  const metrics = yield* ServerMetrics
  const subscribers = yield* Subscribers
  const writer = yield* FrameWriter
  const clock = yield* Clock.Clock
  const stateMessage = yield* makeStateMessage
  const states = new Map<AccountId, AccountState>()
  const pending = new Set<AccountId>()
  let sentAt = Number.NEGATIVE_INFINITY

  /** Encodes the state once per permissions and filters. */
  const sendToAll = (state: AccountState) => {
    const encoded = new Map<string, Buffer | null>()
    for (const subscriber of subscribers) {
      const filters = stateFilters(subscriber)
      if (filters === null) continue
      if (isBehind(subscriber)) {
        if (subscriber.stateSkipped) metrics.coalesced += 1
        subscriber.stateSkipped = true
        continue
      }
      const key = `${permissionsKey(subscriber.permissions)} ${JSON.stringify(filters)}`
      let frame = encoded.get(key)
      if (frame === undefined) {
        const message = stateMessage(subscriber.permissions, filters, state)
        frame = message && textFrames([JSON.stringify(message)])
        encoded.set(key, frame)
      }
      if (frame !== null) writer.write(subscriber, frame, 1)
    }
  }

  return StateFeed.of({
    update: (state) => {
      if (pending.has(state.account)) metrics.coalesced += 1
      states.set(state.account, state)
      pending.add(state.account)
    },
    sendDue: () => {
      const now = clock.currentTimeMillisUnsafe()
      if (pending.size === 0 || now - sentAt < stateIntervalMs) return
      sentAt = now
      for (const account of pending) {
        const state = states.get(account)
        if (state !== undefined) sendToAll(state)
      }
      pending.clear()
    },
    sendSkipped: (subscriber) => {
      if (!subscriber.stateSkipped || isBehind(subscriber)) return
      subscriber.stateSkipped = false
      const filters = stateFilters(subscriber)
      if (filters === null) return
      for (const state of states.values()) {
        const message = stateMessage(subscriber.permissions, filters, state)
        if (message !== null) writer.send(subscriber, message)
      }
    },
    visibleStates: (permissions) =>
      [...states.values()].filter(({ account }) => maySeeAccount(permissions, account)),
  })
})

/** Delivers the newest state of each account: at most one in `stateIntervalMs`. */
export class StateFeed extends Context.Service<
  StateFeed,
  {
    /** Stores a newer state, which `sendDue` sends. */
    update(state: AccountState): void
    /** Sends pending states when `stateIntervalMs` has passed since the last ones. */
    sendDue(): void
    /** Sends the newest states to a peer that skipped some while it was behind. */
    readonly sendSkipped: (subscriber: Subscriber) => void
    /** Returns the states of the accounts that the token may see. */
    visibleStates(permissions: Permissions): ReadonlyArray<AccountState>
  }
>()("@blink-streams/server/StateFeed") {
  static readonly layer: Layer.Layer<
    StateFeed,
    never,
    AccountMonitors | FrameWriter | LiveCursors | MediaUrls | ServerConfig | ServerMetrics | Subscribers
  > = Layer.effect(StateFeed, makeStateFeed)
}
