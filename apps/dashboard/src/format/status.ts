import type { Connection } from "@blink-streams/client"
import type { Prompt } from "../state/createAppState.ts"
import type { AccountView } from "../state/accountViews.ts"
import { formatAge, formatDuration } from "./duration.ts"
import { formatTimeWithSeconds, formatTime } from "./dateTime.ts"

/** How things stand in one word, with the sentence behind it. */
export interface Status {
  readonly tone: "good" | "bad" | "busy"
  readonly label: string
  readonly detail: string
}

/** Whether what is shown may be old because the broadcaster does not answer. */
export const isDisconnected = (connection: Connection): boolean => connection.status !== "live"

/** What happens next while the broadcaster does not answer. */
export const retryText = (connection: Connection, now: number): string => {
  if (connection.status === "closed") return connection.reason ?? ""
  const wait = connection.retryAt == null ? 0 : Date.parse(connection.retryAt) - now
  return wait > 500 ? `Next try in ${formatDuration(wait + 999)}.` : "Trying now."
}

const accountTimeZone = (account: AccountView) => account.networks[0]?.timeZone ?? null

/** The socket to the broadcaster; an open one says nothing of the cloud behind it. */
export const connectionStatus = (connection: Connection): Status => {
  const since = formatTimeWithSeconds(connection.since, null)
  switch (connection.status) {
    case "live":
      return { tone: "good", label: "Live", detail: `connected since ${since}` }
    case "connecting":
      return { tone: "busy", label: "Connecting", detail: connection.reason ?? "asking the broadcaster" }
    case "stale":
      return { tone: "bad", label: "Disconnected", detail: `since ${since}` }
    default:
      return { tone: "bad", label: "Closed", detail: connection.reason ?? `since ${since}` }
  }
}

const sessionLabels = {
  signedOut: "Sign-in needed",
  authorizing: "Signing in",
  awaitingPin: "PIN needed",
  active: "",
  renewing: "",
  blocked: "Sign-in blocked",
} as const

const promptLabels: Record<Prompt["kind"], string> = {
  two_factor: "PIN needed",
  reauth: "Sign-in needed",
  app_update: "Update needed",
  blocked: "Sign-in blocked",
}

/** What waits for a person comes before everything that the state still says. */
export const promptStatus = (kind: Prompt["kind"]): Status => ({
  tone: "bad",
  label: promptLabels[kind],
  detail: "",
})

/** How an account stands with the cloud. */
export const accountStatus = (account: AccountView, now: number): Status => {
  const { session, budget } = account
  const label = sessionLabels[session.state]
  if (label !== "")
    return {
      tone: session.state === "authorizing" ? "busy" : "bad",
      label,
      detail: session.reason ?? (session.channel === undefined ? "" : `code sent by ${session.channel}`),
    }
  if (budget.throttledUntil !== null && Date.parse(budget.throttledUntil) > now)
    return {
      tone: "bad",
      label: `Throttled until ${formatTime(budget.throttledUntil, accountTimeZone(account))}`,
      detail: "the cloud asked for fewer requests",
    }
  const reason = account.sources.find((source) => source.reason !== null)?.reason
  if (account.stale)
    return { tone: "bad", label: "Cloud not reached", detail: reason ?? "what is shown may be old" }
  if (account.asOf === null) return { tone: "busy", label: "First look", detail: "asking the cloud" }
  return { tone: "good", label: "Live", detail: "" }
}

/** `looked 8 s ago`, `next look in 52 s`, `344 calls left`. */
export const pollSummary = (account: AccountView, now: number): ReadonlyArray<string> => {
  const pollTimes = account.sources.flatMap((source) =>
    source.nextPollAt === null ? [] : [Date.parse(source.nextPollAt)],
  )
  const next = Math.min(...pollTimes) - now
  return [
    account.asOf === null ? "not looked yet" : `looked ${formatAge(account.asOf, now)}`,
    ...(pollTimes.length === 0
      ? []
      : [next > 0 ? `next look in ${formatDuration(next + 999)}` : "looking now"]),
    `${account.budget.callsLeft.toLocaleString()} calls left`,
  ]
}
