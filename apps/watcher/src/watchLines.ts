import type { Change, Client } from "@blink-streams/client"
import { eventJson, eventLine } from "./format/eventLine.ts"

/** Reason for the end: a condition was met, `timeout` passed, no connection, or the token was rejected. */
export type WatchResult = "fine" | "timedOut" | "noConnection" | "signInNeeded"

interface WatchLinesOptions {
  readonly client: Client
  readonly json: boolean
  /** Writes no events. */
  readonly quiet: boolean
  readonly coloured: boolean
  /** Ends after this many events; `null`: no limit. */
  readonly count: number | null
  /** Ends with `fine` after this many milliseconds; `null`: no limit. */
  readonly duration: number | null
  /** Ends with `timedOut` after this many milliseconds; `null`: no limit. */
  readonly timeout: number | null
  /** Ends after an event of this kind; a trailing `*` matches any rest. */
  readonly until: string | null
  readonly write: (line: string) => void
  /** Receives everything that is not an event: a lost connection, a gap, a prompt. */
  readonly notify: (line: string) => void
  readonly signal?: AbortSignal
}

/** Without a connection after this time the result is `noConnection`. */
const connectTimeoutMillis = 5_000

/** True when `kind` equals `pattern`, or starts with the part of `pattern` before its trailing `*`. */
export const matchesKind = (kind: string, pattern: string): boolean =>
  pattern.endsWith("*") ? kind.startsWith(pattern.slice(0, -1)) : kind === pattern

/** Writes one line per event until a condition of `options` ends it. The client stays open. */
export const watchLines = (options: WatchLinesOptions): Promise<WatchResult> =>
  new Promise((resolve) => {
    const { client, json, quiet, coloured, until, write, notify } = options
    const timers: Array<NodeJS.Timeout> = []
    let remaining = options.count ?? Number.POSITIVE_INFINITY
    let wasLive = client.connection.status === "live"
    const notifiedPrompts = new Set<string>()
    let isLost = false

    const finish = (result: WatchResult): void => {
      for (const timer of timers) clearTimeout(timer)
      unsubscribe()
      resolve(result)
    }
    const finishAfter = (millis: number | null, resultNow: () => WatchResult | null): void => {
      if (millis !== null)
        timers.push(
          setTimeout(() => {
            const result = resultNow()
            if (result !== null) finish(result)
          }, millis),
        )
    }

    const onChange = (change: Change): void => {
      switch (change.type) {
        case "event":
          if (!quiet) write(json ? eventJson(change.event) : eventLine(change.event, coloured))
          if ((until !== null && matchesKind(change.event.kind, until)) || --remaining <= 0) finish("fine")
          return
        case "gap":
          if (json && !quiet)
            write(JSON.stringify({ type: "gap", from: change.from, to: change.to, reason: change.reason }))
          else notify(`events are missing (${change.reason})`)
          return
        case "prompts":
          for (const { id, kind, account } of change.prompts)
            if (!notifiedPrompts.has(id)) {
              notifiedPrompts.add(id)
              notify(
                `account ${account}: sign-in required (${kind}): open the dashboard or run blink-streams watch in a terminal`,
              )
            }
          return
        case "connection": {
          const { status, reason, failure } = change.connection
          if (status === "live") {
            wasLive = true
            isLost = false
          } else if (status === "closed")
            finish(failure === "unauthorized" || failure === "forbidden" ? "signInNeeded" : "noConnection")
          else if (status === "stale" && !isLost) {
            isLost = true
            notify(`connection lost${reason === undefined ? "" : `: ${reason}`}; reconnecting`)
          }
          return
        }
        default:
      }
    }

    const unsubscribe = client.subscribe(onChange)
    finishAfter(connectTimeoutMillis, () => (wasLive ? null : "noConnection"))
    finishAfter(options.duration, () => "fine")
    finishAfter(options.timeout, () => "timedOut")
    options.signal?.addEventListener("abort", () => finish("fine"), { once: true })
  })
