import type { Connection } from "@blink-streams/client"
import type { AccountState } from "@blink-streams/model"
import { ageText, shortClockText, durationText } from "../format/times.ts"

type Tone = "good" | "warning" | "alarm"

/** Connection or account status as a glyph and a short text; `tone` only sets the colour. */
export interface StatusBadge {
  readonly glyph: string
  readonly text: string
  readonly tone: Tone
}

/**
 * The most severe status that applies: no broadcaster, sign-in required, throttled, stale, live.
 * `inProcess`: this process polls the cloud itself.
 */
export const statusBadge = (
  connection: Connection,
  account: AccountState | undefined,
  now: number,
  inProcess: boolean,
): StatusBadge => {
  const since = ageText(connection.since, now)
  if (connection.status === "closed") return { glyph: "✗", text: "Disconnected", tone: "alarm" }
  if (connection.status === "connecting") return { glyph: "◌", text: "Connecting", tone: "warning" }
  if (connection.status === "stale") return { glyph: "✗", text: `Offline ${since}`, tone: "alarm" }
  if (account === undefined) return { glyph: "◌", text: "Loading", tone: "warning" }
  const { session, budget } = account
  if (session.state === "awaiting_pin" || session.state === "signed_out" || session.state === "blocked")
    return { glyph: "⚿", text: "Sign-in required", tone: "alarm" }
  if (session.state === "authorizing") return { glyph: "◌", text: "Signing in", tone: "warning" }
  if (budget.throttledUntil !== null && Date.parse(budget.throttledUntil) > now)
    return { glyph: "⧗", text: `Throttled until ${shortClockText(budget.throttledUntil)}`, tone: "warning" }
  if (account.stale) return { glyph: "◌", text: `Stale ${ageText(account.asOf, now)}`, tone: "warning" }
  return inProcess
    ? { glyph: "●", text: "Polling", tone: "good" }
    : { glyph: "●", text: "Live", tone: "good" }
}

/** Time until the next poll of any poller (`Next update in 48 s`); empty when none is scheduled. */
export const nextUpdateText = (account: AccountState | undefined, now: number): string => {
  const times = Object.values(account?.sources ?? {}).flatMap(({ nextPollAt }) =>
    nextPollAt === null ? [] : [Date.parse(nextPollAt)],
  )
  if (times.length === 0) return ""
  const remaining = Math.min(...times) - now
  return remaining <= 0 ? "Updating" : `Next update in ${durationText(remaining)}`
}
