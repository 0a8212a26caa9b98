import type { Connection } from "@blink-streams/client"
import type { AccountState } from "@blink-streams/model"
import { ageText, shortClockText, spanText } from "./times.ts"

export type Tone = "good" | "warning" | "alarm"

/** A state in one word or two, with a glyph: the colour only repeats it. */
export interface Status {
  readonly glyph: string
  readonly word: string
  readonly tone: Tone
}

/** The worst that is true: no broadcaster, then no sign-in, then throttled, then stale looks, then live. */
export const statusOf = (
  connection: Connection,
  account: AccountState | undefined,
  now: number,
  direct: boolean,
): Status => {
  const since = ageText(connection.since, now)
  if (connection.status === "closed") return { glyph: "✗", word: "disconnected", tone: "alarm" }
  if (connection.status === "connecting") return { glyph: "◌", word: "connecting", tone: "warning" }
  if (connection.status === "stale") return { glyph: "✗", word: `offline ${since}`, tone: "alarm" }
  if (account === undefined) return { glyph: "◌", word: "waiting", tone: "warning" }
  const { session, budget } = account
  if (session.state === "awaitingPin" || session.state === "signedOut" || session.state === "blocked")
    return { glyph: "⚿", word: "sign-in needed", tone: "alarm" }
  if (session.state === "authorizing") return { glyph: "◌", word: "signing in", tone: "warning" }
  if (budget.throttledUntil !== null && Date.parse(budget.throttledUntil) > now)
    return { glyph: "⧗", word: `throttled until ${shortClockText(budget.throttledUntil)}`, tone: "warning" }
  if (account.stale) return { glyph: "◌", word: `stale ${ageText(account.asOf, now)}`, tone: "warning" }
  return direct ? { glyph: "●", word: "polling", tone: "good" } : { glyph: "●", word: "live", tone: "good" }
}

/** The next look of any source: `next in 48 s`; empty when none is planned. */
export const nextLookText = (account: AccountState | undefined, now: number): string => {
  const times = Object.values(account?.sources ?? {}).flatMap(({ nextPollAt }) =>
    nextPollAt === null ? [] : [Date.parse(nextPollAt)],
  )
  if (times.length === 0) return ""
  const left = Math.min(...times) - now
  return left <= 0 ? "looking now" : `next in ${spanText(left)}`
}
