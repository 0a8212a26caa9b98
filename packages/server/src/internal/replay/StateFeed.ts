import type { EventLog } from "@blink-streams/events"
import type { AccountId, AccountState, Seq } from "@blink-streams/model"
import type { ServerMessage } from "@blink-streams/protocol"
import type { Limits } from "../../Limits.ts"
import { type Permissions, permissionsKey, maySeeAccount } from "../../Permissions.ts"
import type { MediaUrlSigner } from "../media/MediaUrlSigner.ts"
import type { Stats } from "../metrics/Stats.ts"
import { textFrames } from "../socket/frames.ts"
import { filterAccountState } from "../views/filterState.ts"
import { positionFields } from "./cursorPosition.ts"
import type { FrameWriter } from "./frameWriter.ts"
import { isBehind, type Subscriber, stateFilters } from "./Subscriber.ts"

/** Delivers the newest state of each account. */
interface StateFeed {
  /** Stores a newer state, which `sendDue` sends. */
  update(state: AccountState): void
  /** Sends the newest states to a peer that skipped some while it was behind. */
  readonly sendSkipped: (subscriber: Subscriber) => void
  /** Sends pending states when `stateIntervalMs` has passed since the last ones. */
  sendDue(): void
  /** Returns the states of the accounts that the token may see. */
  visibleStates(permissions: Permissions): ReadonlyArray<AccountState>
}

/** Makes the state feed: at most one state in `stateIntervalMs`, encoded once per permissions and filters. */
export const makeStateFeed = (options: {
  readonly log: EventLog["Service"]
  readonly limits: Limits
  readonly mediaUrls: MediaUrlSigner
  readonly stats: Stats
  readonly subscribers: ReadonlySet<Subscriber>
  readonly writer: FrameWriter
  readonly now: () => number
  /** Newest published position. A state holds up to it while no newer state exists. */
  readonly seq: () => Seq
}): StateFeed => {
  const { log, limits, mediaUrls, stats, subscribers, writer, now, seq } = options
  const states = new Map<AccountId, AccountState>()
  const pending = new Set<AccountId>()
  let sentAt = Number.NEGATIVE_INFINITY

  /** Returns `null` when permissions or filters exclude the account. */
  const stateMessage = (subscriber: Subscriber, state: AccountState): ServerMessage | null => {
    const filters = stateFilters(subscriber)
    const visibleState = filters && filterAccountState(subscriber.permissions, filters, state)
    return (
      visibleState && {
        type: "state",
        ...positionFields({ epoch: log.epoch, seq: seq() }),
        state: mediaUrls.signState(visibleState, now()),
      }
    )
  }

  const sendToAll = (state: AccountState) => {
    const encoded = new Map<string, Buffer | null>()
    for (const subscriber of subscribers) {
      const filters = stateFilters(subscriber)
      if (filters === null) continue
      if (isBehind(subscriber)) {
        if (subscriber.stateSkipped) stats.coalesced += 1
        subscriber.stateSkipped = true
        continue
      }
      const key = `${permissionsKey(subscriber.permissions)} ${JSON.stringify(filters)}`
      let frame = encoded.get(key)
      if (frame === undefined) {
        const message = stateMessage(subscriber, state)
        frame = message && textFrames([JSON.stringify(message)])
        encoded.set(key, frame)
      }
      if (frame === null) continue
      stats.frames += 1
      writer.write(subscriber, frame)
    }
  }

  const isDue = () => now() - sentAt >= limits.stateIntervalMs
  const sendDue = () => {
    if (pending.size === 0 || !isDue()) return
    sentAt = now()
    for (const account of pending) {
      const state = states.get(account)
      if (state !== undefined) sendToAll(state)
    }
    pending.clear()
  }

  return {
    sendDue,
    update: (state) => {
      if (pending.has(state.account)) stats.coalesced += 1
      states.set(state.account, state)
      pending.add(state.account)
    },
    sendSkipped: (subscriber) => {
      if (!subscriber.stateSkipped || isBehind(subscriber)) return
      subscriber.stateSkipped = false
      for (const state of states.values()) {
        const message = stateMessage(subscriber, state)
        if (message !== null) writer.send(subscriber, message)
      }
    },
    visibleStates: (permissions) =>
      [...states.values()].filter(({ account }) => maySeeAccount(permissions, account)),
  }
}
