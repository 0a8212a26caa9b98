import type { Connection } from "@blink-streams/client"
import type { Prompt } from "../state/createAppState.ts"
import type { AccountView } from "../state/accountViews.ts"
import { formatAge, formatDuration } from "./duration.ts"
import { formatTimeWithSeconds, formatTime } from "./dateTime.ts"

/** A status as a short label with a detail. */
export interface Status {
  readonly tone: "good" | "bad" | "busy"
  readonly label: string
  readonly detail: string
}

/** True while the page receives no updates, so the data shown may be outdated. */
export const isDisconnected = (connection: Connection): boolean => connection.status !== "live"

/** Time of the next connection attempt, or the reason why there is none. */
export const retryText = (connection: Connection, now: number): string => {
  if (connection.status === "closed") return connection.reason ?? ""
  const wait = connection.retryAt == null ? 0 : Date.parse(connection.retryAt) - now
  return wait > 500 ? `Reconnecting in ${formatDuration(wait + 999)}.` : "Reconnecting now."
}

const accountTimeZone = (account: AccountView) => account.networks[0]?.timeZone ?? null

/** Status of the websocket to the broadcaster, independent of the status of the Blink account. */
export const connectionStatus = (connection: Connection): Status => {
  const since = formatTimeWithSeconds(connection.since, null)
  switch (connection.status) {
    case "live":
      return { tone: "good", label: "Live", detail: `connected since ${since}` }
    case "connecting":
      return {
        tone: "busy",
        label: "Connecting",
        detail: connection.reason ?? "connecting to the broadcaster",
      }
    case "stale":
      return { tone: "bad", label: "Disconnected", detail: `since ${since}` }
    default:
      return { tone: "bad", label: "Closed", detail: connection.reason ?? `since ${since}` }
  }
}

const sessionLabels = {
  signed_out: "Sign-in required",
  authorizing: "Signing in",
  awaiting_pin: "PIN required",
  active: "",
  renewing: "",
  blocked: "Sign-in blocked",
} as const

const promptLabels: Record<Prompt["kind"], string> = {
  two_factor: "PIN required",
  reauth: "Sign-in required",
  app_update: "Update required",
  blocked: "Sign-in blocked",
}

/** Status for an open prompt; it takes precedence over the account's status. */
export const promptStatus = (kind: Prompt["kind"]): Status => ({
  tone: "bad",
  label: promptLabels[kind],
  detail: "",
})

/** Status of an account. */
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
      detail: "Blink asked for fewer requests",
    }
  const reason = account.sources.find((source) => source.reason !== null)?.reason
  if (account.stale)
    return { tone: "bad", label: "Blink unreachable", detail: reason ?? "data may be outdated" }
  if (account.asOf === null) return { tone: "busy", label: "Loading", detail: "waiting for the first update" }
  return { tone: "good", label: "Live", detail: "" }
}

/** Texts about polling: `Updated 8 s ago`, `Next update in 52 s`, `344 requests left this hour`. */
export const pollSummary = (account: AccountView, now: number): ReadonlyArray<string> => {
  const pollTimes = account.sources.flatMap((source) =>
    source.nextPollAt === null ? [] : [Date.parse(source.nextPollAt)],
  )
  const next = Math.min(...pollTimes) - now
  return [
    account.asOf === null ? "Not updated yet" : `Updated ${formatAge(account.asOf, now)}`,
    ...(pollTimes.length === 0
      ? []
      : [next > 0 ? `Next update in ${formatDuration(next + 999)}` : "Updating"]),
    `${account.budget.callsLeft.toLocaleString()} requests left this hour`,
  ]
}
