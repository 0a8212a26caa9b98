import { Clock, type Duration, Effect, Stream } from "effect"
import {
  Cookies,
  FetchHttpClient,
  Headers,
  HttpClient,
  type HttpClientError,
  HttpClientRequest,
  type HttpClientResponse,
} from "effect/http"
import { BlinkError, blinkError, UnexpectedResponse, Unreachable } from "../BlinkError.ts"
import { codeOf, type Reply, refusal } from "./refusal.ts"

/** One request as it goes out. `url` is absolute and of a host from the settings. */
export interface Outgoing {
  readonly operation: string
  readonly method: "GET" | "POST" | "PATCH" | "DELETE"
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
  readonly form?: Readonly<Record<string, string>>
  /** Codes that decline elsewhere and are an answer here. */
  readonly answeringCodes?: ReadonlyArray<number>
  readonly timeout: Duration.Duration
}

/** A file under way. */
export interface Incoming {
  readonly status: number
  readonly headers: Headers.Headers
  readonly bytes: Stream.Stream<Uint8Array, BlinkError>
}

const toRequest = ({ method, url, headers, json, form }: Outgoing): HttpClientRequest.HttpClientRequest => {
  const request = HttpClientRequest.make(method)(url, { headers: headers ?? {} })
  if (form !== undefined) return HttpClientRequest.bodyUrlParams(request, form)
  return json === undefined ? request : HttpClientRequest.bodyJsonUnsafe(request, json)
}

const readReply = (response: HttpClientResponse.HttpClientResponse) =>
  Effect.map(response.text, (text): Reply => ({
    status: response.status,
    headers: response.headers,
    cookies: Cookies.toRecord(response.cookies),
    text,
  }))

/** Names of headers that carry a secret, wherever requests are printed. */
const secretHeaders = ["authorization", "cookie", "set-cookie", "token-auth", "token_auth", "location"]

/** What the system said (`ENOTFOUND`, `ECONNREFUSED`, …), somewhere below what `fetch` says. */
const systemCode = (cause: unknown, depth = 0): string | null => {
  if (typeof cause !== "object" || cause === null || depth > 3) return null
  if ("code" in cause && typeof cause.code === "string" && /^[A-Z_]{3,40}$/.test(cause.code))
    return cause.code
  return "cause" in cause ? systemCode(cause.cause, depth + 1) : null
}

const unreachable = (operation: string) => (cause: HttpClientError.HttpClientError | BlinkError) =>
  cause instanceof BlinkError
    ? cause
    : // The error's own text may hold the whole address; its reason is enough.
      blinkError(
        operation,
        new Unreachable({ cause: new Error(systemCode(cause.reason) ?? cause.reason._tag) }),
      )

const carry = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  effect.pipe(
    Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" }),
    Effect.provideService(HttpClient.TracerDisabledWhen, () => true),
    Effect.provideService(HttpClient.TracerPropagationEnabled, false),
    Effect.provideService(Headers.CurrentRedactedNames, secretHeaders),
  )

const late = ({ operation, timeout }: Outgoing) => ({
  duration: timeout,
  orElse: () =>
    Effect.fail(blinkError(operation, new Unreachable({ cause: new Error("no answer in time") }))),
})

/** Fails with the reason when `reply` is a refusal. */
const accept = (
  operation: string,
  reply: Reply,
  throttled?: Duration.Duration,
): Effect.Effect<Reply, BlinkError> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => {
    const reason = refusal(reply, now, throttled)
    return reason === null ? Effect.succeed(reply) : Effect.fail(blinkError(operation, reason))
  })

const isAnswer = ({ answeringCodes = [] }: Outgoing, reply: Reply): boolean =>
  answeringCodes.length > 0 && reply.status === 200 && answeringCodes.some((code) => code === codeOf(reply))

/**
 * Sends requests and reads answers, in the settings that hold for all of them: redirects are never followed, since
 * they could take a token to another host, and no trace of ours travels along.
 */
export const makeTransport = Effect.gen(function* () {
  const client = yield* HttpClient.HttpClient

  /** The answer, whatever its status. Fails only with `Unreachable`. */
  const exchange = (outgoing: Outgoing): Effect.Effect<Reply, BlinkError> =>
    client
      .execute(toRequest(outgoing))
      .pipe(
        Effect.flatMap(readReply),
        carry,
        Effect.mapError(unreachable(outgoing.operation)),
        Effect.timeoutOrElse(late(outgoing)),
      )

  /** The answer if it is one the caller can use. */
  const send = (outgoing: Outgoing): Effect.Effect<Reply, BlinkError> =>
    Effect.flatMap(exchange(outgoing), (reply) =>
      isAnswer(outgoing, reply) ? Effect.succeed(reply) : accept(outgoing.operation, reply),
    )

  /** A file as it arrives. The time-out is for its first byte. */
  const download = (outgoing: Outgoing): Effect.Effect<Incoming, BlinkError> =>
    client.execute(toRequest(outgoing)).pipe(
      carry,
      Effect.mapError(unreachable(outgoing.operation)),
      Effect.timeoutOrElse(late(outgoing)),
      Effect.flatMap((response) =>
        response.status >= 200 && response.status < 300
          ? Effect.succeed({
              status: response.status,
              headers: response.headers,
              bytes: Stream.mapError(response.stream, unreachable(outgoing.operation)),
            })
          : readReply(response).pipe(
              Effect.mapError(unreachable(outgoing.operation)),
              Effect.flatMap((reply) => accept(outgoing.operation, reply)),
              Effect.andThen(Effect.fail(blinkError(outgoing.operation, gone(response.status)))),
            ),
      ),
    )

  return { exchange, accept, send, download }
})

const gone = (status: number) => new UnexpectedResponse({ status, what: "no file" })

export type Transport = Effect.Success<typeof makeTransport>
