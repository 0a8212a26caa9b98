import type { EventLog } from "@blink-streams/events/EventLog"
import type { AccountId, AccountState, Seq } from "@blink-streams/model"
import type { ServerMessage } from "@blink-streams/protocol/ServerMessage"
import { type Grant, grantKey, maySeeAccount } from "../Grant.ts"
import type { Limits } from "../Limits.ts"
import type { MediaAddress } from "../MediaAddress.ts"
import { stateView } from "../stateView.ts"
import { textFrames } from "./frames.ts"
import { isBehind, type Line, stateFilters } from "./Line.ts"
import type { LineWriter } from "./lineWriter.ts"
import type { Stats } from "./Stats.ts"

/** The newest state of each account, and who is still to get it. */
interface StateFeed {
  /** One that is newer. It is sent by `sendDue`. */
  take(state: AccountState): void
  /** Sends what a peer missed while it was behind, once it is not any more. */
  readonly catchUp: (line: Line) => void
  /** Sends what was held back, when its time has come. */
  sendDue(): void
  visible(grant: Grant): ReadonlyArray<AccountState>
}

/** States as they come, at most one in `stateIntervalMs`, encoded once for those who see the same of it. */
export const makeStateFeed = (options: {
  readonly log: EventLog["Service"]
  readonly limits: Limits
  readonly media: MediaAddress
  readonly stats: Stats
  readonly lines: ReadonlySet<Line>
  readonly writer: LineWriter
  readonly now: () => number
  /** The newest place that was told. What no newer state says is still so there. */
  readonly seq: () => Seq
}): StateFeed => {
  const { log, limits, media, stats, lines, writer, now, seq } = options
  const states = new Map<AccountId, AccountState>()
  const due = new Set<AccountId>()
  let sentAt = Number.NEGATIVE_INFINITY

  /** `null` when the peer may see nothing of it, or asked for nothing of it. */
  const messageFor = (line: Line, state: AccountState): ServerMessage | null => {
    const filters = stateFilters(line)
    const shown = filters && stateView(line.grant, filters, state)
    return shown && { type: "state", epoch: log.epoch, seq: seq(), state: media.state(shown, now()) }
  }

  const sendToAll = (state: AccountState) => {
    const encoded = new Map<string, Buffer | null>()
    for (const line of lines) {
      const filters = stateFilters(line)
      if (filters === null) continue
      if (isBehind(line)) {
        if (line.missedState) stats.coalesced += 1
        line.missedState = true
        continue
      }
      const key = `${grantKey(line.grant)} ${JSON.stringify(filters)}`
      let frame = encoded.get(key)
      if (frame === undefined) {
        const message = messageFor(line, state)
        frame = message && textFrames([JSON.stringify(message)])
        encoded.set(key, frame)
      }
      if (frame === null) continue
      stats.frames += 1
      writer.write(line, frame)
    }
  }

  const isTime = () => now() - sentAt >= limits.stateIntervalMs
  const sendDue = () => {
    if (due.size === 0 || !isTime()) return
    sentAt = now()
    for (const account of due) {
      const state = states.get(account)
      if (state !== undefined) sendToAll(state)
    }
    due.clear()
  }

  return {
    sendDue,
    take: (state) => {
      if (due.has(state.account)) stats.coalesced += 1
      states.set(state.account, state)
      due.add(state.account)
    },
    catchUp: (line) => {
      if (!line.missedState || isBehind(line)) return
      line.missedState = false
      for (const state of states.values()) {
        const message = messageFor(line, state)
        if (message !== null) writer.send(line, message)
      }
    },
    visible: (grant) => [...states.values()].filter(({ account }) => maySeeAccount(grant, account)),
  }
}
