import type { Connection } from "@blink-streams/client"
import type { AccountState } from "@blink-streams/model"
import { ageText, shortClockText, durationText } from "../format/times.ts"

export type Tone = "good" | "warning" | "alarm"

/** A state in one word or two, with a glyph: the colour only repeats it. */
export interface StatusBadge {
  readonly glyph: string
  readonly text: string
  readonly tone: Tone
}

/** The worst that is true: no broadcaster, then no sign-in, then throttled, then stale looks, then live. */
export const statusBadge = (
  connection: Connection,
  account: AccountState | undefined,
  now: number,
  direct: boolean,
): StatusBadge => {
  const since = ageText(connection.since, now)
  if (connection.status === "closed") return { glyph: "✗", text: "disconnected", tone: "alarm" }
  if (connection.status === "connecting") return { glyph: "◌", text: "connecting", tone: "warning" }
  if (connection.status === "stale") return { glyph: "✗", text: `offline ${since}`, tone: "alarm" }
  if (account === undefined) return { glyph: "◌", text: "waiting", tone: "warning" }
  const { session, budget } = account
  if (session.state === "awaitingPin" || session.state === "signedOut" || session.state === "blocked")
    return { glyph: "⚿", text: "sign-in needed", tone: "alarm" }
  if (session.state === "authorizing") return { glyph: "◌", text: "signing in", tone: "warning" }
  if (budget.throttledUntil !== null && Date.parse(budget.throttledUntil) > now)
    return { glyph: "⧗", text: `throttled until ${shortClockText(budget.throttledUntil)}`, tone: "warning" }
  if (account.stale) return { glyph: "◌", text: `stale ${ageText(account.asOf, now)}`, tone: "warning" }
  return direct ? { glyph: "●", text: "polling", tone: "good" } : { glyph: "●", text: "live", tone: "good" }
}

/** The next look of any source: `next in 48 s`; empty when none is planned. */
export const nextUpdateText = (account: AccountState | undefined, now: number): string => {
  const times = Object.values(account?.sources ?? {}).flatMap(({ nextPollAt }) =>
    nextPollAt === null ? [] : [Date.parse(nextPollAt)],
  )
  if (times.length === 0) return ""
  const remaining = Math.min(...times) - now
  return remaining <= 0 ? "looking now" : `next in ${durationText(remaining)}`
}
