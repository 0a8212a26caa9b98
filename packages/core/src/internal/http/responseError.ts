import { Duration, Option, Predicate } from "effect"
import { Headers } from "effect/http"
import {
  AccessDenied,
  Busy,
  EdgeBlocked,
  NotFound,
  NotSupported,
  type Reason,
  Rejected,
  ServerError,
  SessionExpired,
  Throttled,
  UnexpectedResponse,
} from "../../Reason.ts"
import { busyWait, edgeWait, throttleWait } from "../rateLimit/retryPolicy.ts"

/** HTTP response with its body as text. */
export interface HttpResponse {
  readonly status: number
  readonly headers: Headers.Headers
  /** Cookies that the response sets, by name. */
  readonly cookies: Readonly<Record<string, string>>
  readonly text: string
}

/** Codes that mean an error, whatever the HTTP status. */
const rejectedCodes = new Set([213, 242, 706, 1621, 2800, 2805])
const notFoundCodes = new Set([500, 1630])

/** Body as an object; `null` when it is not a JSON object. */
export const jsonBody = (response: HttpResponse): { readonly [name: string]: unknown } | null => {
  if (!/^\s*\{/.test(response.text)) return null
  try {
    const value: unknown = JSON.parse(response.text)
    return Predicate.isReadonlyObject(value) ? value : null
  } catch {
    return null
  }
}

/** Code in the body; `null` when it has none. */
export const bodyCode = (response: HttpResponse): number | null => {
  const code = jsonBody(response)?.["code"]
  return typeof code === "number" ? code : null
}

/** Start of a response for an error message, without anything that resembles a token or an e-mail address. */
export const excerpt = (text: string): string =>
  text
    .slice(0, 400)
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/[^\s"@]+@[^\s"@]+/g, "…")
    .replaceAll(/[\w+/=.-]{16,}/g, "…")
    .replaceAll(/\s+/g, " ")
    .trim()
    .slice(0, 120)

/**
 * Wait of `Retry-After`: seconds, or a date by the cloud's clock. `now` is used when the response has no
 * `Date` header.
 */
const retryAfter = ({ headers }: HttpResponse, now: number): Duration.Duration | null => {
  const value = Option.getOrNull(Headers.get(headers, "retry-after"))
  if (value === null) return null
  const seconds = Number(value)
  if (Number.isFinite(seconds)) return Duration.seconds(Math.max(0, seconds))
  const until = Date.parse(value)
  if (Number.isNaN(until)) return null
  const serverTime = Date.parse(Option.getOrElse(Headers.get(headers, "date"), () => ""))
  return Duration.millis(Math.max(0, until - (Number.isNaN(serverTime) ? now : serverTime)))
}

/** Characters. Ten times the longest error body seen. */
const maxErrorBodyLength = 4096

const text = (value: unknown): string => (typeof value === "string" ? value : "")

/**
 * Reason of an error response; `null` for success.
 *
 * Errors also come with status 200, so the code in the body is checked first. Texts vary, codes are stable.
 * `defaultThrottleWait` is the wait after a 429 without `Retry-After`. See `docs/errors.md`.
 */
export const responseError = (
  response: HttpResponse,
  now: number,
  defaultThrottleWait = throttleWait,
): Reason | null => {
  const { status } = response
  // A large successful body is data, so it is not parsed twice.
  const body = status < 300 && response.text.length > maxErrorBodyLength ? null : jsonBody(response)
  const code = typeof body?.["code"] === "number" ? body["code"] : null
  const message = text(body?.["message"]) || text(body?.["error_description"]) || text(body?.["error"])
  const detail = excerpt(message || response.text) || `status ${status}`
  const requestedWait = retryAfter(response, now)

  if (code === 307 || status === 409 || /system is busy/i.test(message))
    return new Busy({ retryAfter: requestedWait ?? busyWait })
  if (code === 105 || status === 426 || /app update is required/i.test(message))
    return new NotSupported({ detail })
  if (code !== null && rejectedCodes.has(code)) return new Rejected({ status, code, detail })
  if (code !== null && notFoundCodes.has(code)) return new NotFound({ code, detail })
  if (status === 401) return new SessionExpired({})
  if (status === 429) return new Throttled({ retryAfter: requestedWait ?? defaultThrottleWait })
  if (status === 406) return new EdgeBlocked({ status, retryAfter: requestedWait ?? edgeWait })
  if (status === 403) {
    return body === null
      ? new EdgeBlocked({ status, retryAfter: requestedWait ?? edgeWait })
      : new AccessDenied({ detail })
  }
  if (status === 404) return body === null ? new NotSupported({ detail }) : new NotFound({ code, detail })
  if (status >= 500) return new ServerError({ status, retryAfter: requestedWait ?? Duration.zero })
  if (status >= 400) return new Rejected({ status, code, detail })
  if (status >= 300) return new UnexpectedResponse({ status, detail: "a redirect, which is never followed" })
  return null
}
