import type { EventLog } from "@blink-streams/events"
import type { AccountId, AccountState, Seq } from "@blink-streams/model"
import type { ServerMessage } from "@blink-streams/protocol"
import { type Permissions, permissionsKey, maySeeAccount } from "../../Permissions.ts"
import type { Limits } from "../../Limits.ts"
import type { MediaUrlSigner } from "../media/MediaUrlSigner.ts"
import { filterAccountState } from "../views/filterState.ts"
import { textFrames } from "../socket/frames.ts"
import { isBehind, type Subscriber, stateFilters } from "./Subscriber.ts"
import type { FrameWriter } from "./frameWriter.ts"
import type { Stats } from "../metrics/Stats.ts"

/** The newest state of each account, and who is still to get it. */
interface StateFeed {
  /** One that is newer. It is sent by `sendDue`. */
  update(state: AccountState): void
  /** Sends what a peer missed while it was behind, once it is not any more. */
  readonly sendSkipped: (subscriber: Subscriber) => void
  /** Sends what was held back, when its time has come. */
  sendDue(): void
  visibleStates(permissions: Permissions): ReadonlyArray<AccountState>
}

/** States as they come, at most one in `stateIntervalMs`, encoded once for those who see the same of it. */
export const makeStateFeed = (options: {
  readonly log: EventLog["Service"]
  readonly limits: Limits
  readonly mediaUrls: MediaUrlSigner
  readonly stats: Stats
  readonly subscribers: ReadonlySet<Subscriber>
  readonly writer: FrameWriter
  readonly now: () => number
  /** The newest place that was told. What no newer state says is still so there. */
  readonly seq: () => Seq
}): StateFeed => {
  const { log, limits, mediaUrls, stats, subscribers, writer, now, seq } = options
  const states = new Map<AccountId, AccountState>()
  const pending = new Set<AccountId>()
  let sentAt = Number.NEGATIVE_INFINITY

  /** `null` when the peer may see nothing of it, or asked for nothing of it. */
  const stateMessage = (subscriber: Subscriber, state: AccountState): ServerMessage | null => {
    const filters = stateFilters(subscriber)
    const visibleState = filters && filterAccountState(subscriber.permissions, filters, state)
    return (
      visibleState && {
        type: "state",
        epoch: log.epoch,
        seq: seq(),
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
