import { type Change, type Client, ConnectionError, type ConnectionFailure } from "@blink-streams/client"
import { eventJson, eventLine } from "./format/eventLine.ts"

/** Reason for the end: a condition was met, `timeout` passed, no connection, or the token was rejected. */
export type WatchResult = "fine" | "timedOut" | "noConnection" | "signInNeeded"

interface WatchLinesOptions {
  readonly client: Client
  /** Begins with the events of the log: after a cursor, at a time, or with the `beginning`; `null`: new events only. */
  readonly since: string | null
  /** Includes the events from before an account was first monitored, which are otherwise included only from the `beginning`. */
  readonly backfilled: boolean
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
  /** Ends after an event of this kind that is not history; a trailing `*` matches any rest. */
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

const resultOf = (failure: ConnectionFailure | undefined): WatchResult =>
  failure === "unauthorized" || failure === "forbidden" ? "signInNeeded" : "noConnection"

/** Returns the listener of everything but events. `onEnd` is called when the connection is closed for good. */
const connectionListener = (
  notify: (line: string) => void,
  onLive: () => void,
  onEnd: (result: WatchResult) => void,
) => {
  const notifiedPrompts = new Set<string>()
  let isLost = false
  return (change: Change): void => {
    if (change.type === "prompts") {
      for (const { id, kind, account } of change.prompts)
        if (!notifiedPrompts.has(id)) {
          notifiedPrompts.add(id)
          notify(
            `account ${account}: sign-in required (${kind}): open the dashboard or run blink-streams watch in a terminal`,
          )
        }
    } else if (change.type === "connection") {
      const { status, reason, failure } = change.connection
      if (status === "live") {
        isLost = false
        onLive()
      } else if (status === "closed") onEnd(resultOf(failure))
      else if (status === "stale" && !isLost) {
        isLost = true
        notify(`connection lost${reason === undefined ? "" : `: ${reason}`}; reconnecting`)
      }
    }
  }
}

/** Writes one line per event. Returns when it has written `count` of them, or one of the kind `until` that is not history. */
const writeEvents = async (options: WatchLinesOptions, signal: AbortSignal): Promise<void> => {
  const { client, since, backfilled, json, quiet, coloured, until, write, notify } = options
  let remaining = options.count ?? Number.POSITIVE_INFINITY
  for await (const event of client.events({
    ...(since === null ? {} : { since }),
    ...(backfilled ? { backfilled } : {}),
    signal,
  })) {
    const isLogGap = event.kind === "gap" && event.data.source === "log"
    if (isLogGap && (quiet || !json)) notify(`events are missing (${event.data.reason})`)
    else if (!quiet) write(json ? eventJson(event) : eventLine(event, coloured))
    if (isLogGap) continue
    const isAwaited = until !== null && event.backfilled !== true && matchesKind(event.kind, until)
    if (isAwaited || --remaining <= 0) return
  }
}

/** Writes one line per event until a condition of `options` ends it. The client stays open. */
export const watchLines = (options: WatchLinesOptions): Promise<WatchResult> =>
  new Promise((resolve, reject) => {
    const { client, notify } = options
    const timers: Array<NodeJS.Timeout> = []
    const stop = new AbortController()
    let wasLive = client.connection.status === "live"

    const end = (): void => {
      for (const timer of timers) clearTimeout(timer)
      unsubscribe()
      stop.abort()
    }
    const finish = (result: WatchResult): void => {
      end()
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

    const onLive = (): void => {
      wasLive = true
    }
    const unsubscribe = client.subscribe(connectionListener(notify, onLive, finish))
    finishAfter(connectTimeoutMillis, () => (wasLive ? null : "noConnection"))
    finishAfter(options.duration, () => "fine")
    finishAfter(options.timeout, () => "timedOut")
    options.signal?.addEventListener("abort", () => finish("fine"), { once: true })
    writeEvents(options, stop.signal).then(
      () => finish("fine"),
      (error: unknown) => {
        if (error instanceof ConnectionError) return finish(resultOf(error.failure))
        end()
        reject(error)
      },
    )
  })
