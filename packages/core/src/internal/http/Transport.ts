import { Context, type Duration, Effect, Layer, Stream } from "effect"
import {
  Cookies,
  FetchHttpClient,
  Headers,
  HttpClient,
  type HttpClientError,
  HttpClientRequest,
  type HttpClientResponse,
} from "effect/http"
import { type BlinkError, blinkError } from "../../BlinkError.ts"
import { ensureSuccess } from "./ensureSuccess.ts"
import { bodyCode, type HttpResponse } from "./responseError.ts"
import { isConnectFailure, systemCode } from "./systemError.ts"
import { UnexpectedResponse, Unreachable } from "../../Reason.ts"

/** HTTP request. `url` is absolute and has a host from the settings. */
export interface HttpRequest {
  readonly operation: string
  readonly method: "GET" | "POST" | "PATCH" | "DELETE"
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
  readonly form?: Readonly<Record<string, string>>
  /** Body codes that mean an error elsewhere and success here. */
  readonly successCodes?: ReadonlyArray<number>
  readonly timeout: Duration.Duration
}

/** HTTP response with its body as a stream. */
export interface HttpDownload {
  readonly status: number
  readonly headers: Headers.Headers
  readonly bytes: Stream.Stream<Uint8Array, BlinkError>
}

const toRequest = ({
  method,
  url,
  headers,
  json,
  form,
}: HttpRequest): HttpClientRequest.HttpClientRequest => {
  const request = HttpClientRequest.make(method)(url, { headers: headers ?? {} })
  if (form !== undefined) return HttpClientRequest.bodyUrlParams(request, form)
  return json === undefined ? request : HttpClientRequest.bodyJsonUnsafe(request, json)
}

const toHttpResponse = (response: HttpClientResponse.HttpClientResponse) =>
  Effect.map(response.text, (text): HttpResponse => ({
    status: response.status,
    headers: response.headers,
    cookies: Cookies.toRecord(response.cookies),
    text,
  }))

/** Headers with secrets, redacted wherever requests are printed. */
const secretHeaders = ["authorization", "cookie", "set-cookie", "token-auth", "token_auth", "location"]

/** State of the request by kind of failure: sent or not. `null`: the cause decides. */
const sentByReason = {
  EncodeError: "no",
  InvalidUrlError: "no",
  TransportError: null,
  StatusCodeError: "yes",
  DecodeError: "yes",
  EmptyBodyError: "yes",
} as const satisfies Record<HttpClientError.HttpClientErrorReason["_tag"], BlinkError["sent"] | null>

const sentOf = (reason: HttpClientError.HttpClientErrorReason): BlinkError["sent"] =>
  sentByReason[reason._tag] ?? (isConnectFailure(reason) ? "no" : "unknown")

const toUnreachable =
  (operation: string) =>
  ({ reason }: HttpClientError.HttpClientError) =>
    // The error's text may contain the whole address; use its code only.
    blinkError(
      operation,
      new Unreachable({ cause: new Error(systemCode(reason) ?? reason._tag) }),
      sentOf(reason),
    )

const withDefaults = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  effect.pipe(
    Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" }),
    Effect.provideService(HttpClient.TracerDisabledWhen, () => true),
    Effect.provideService(HttpClient.TracerPropagationEnabled, false),
    Effect.provideService(Headers.CurrentRedactedNames, secretHeaders),
  )

const timeoutError = ({ operation, timeout }: HttpRequest) => ({
  duration: timeout,
  orElse: () =>
    Effect.fail(
      blinkError(operation, new Unreachable({ cause: new Error("no response in time") }), "unknown"),
    ),
})

const isSuccessCode = ({ successCodes = [] }: HttpRequest, httpResponse: HttpResponse): boolean =>
  successCodes.length > 0 &&
  httpResponse.status === 200 &&
  successCodes.some((code) => code === bodyCode(httpResponse))

const notAFile = (status: number) => new UnexpectedResponse({ status, detail: "not a file" })

const makeTransport = Effect.gen(function* () {
  const client = yield* HttpClient.HttpClient

  const execute = (request: HttpRequest): Effect.Effect<HttpResponse, BlinkError> =>
    client
      .execute(toRequest(request))
      .pipe(
        Effect.flatMap(toHttpResponse),
        withDefaults,
        Effect.mapError(toUnreachable(request.operation)),
        Effect.timeoutOrElse(timeoutError(request)),
      )

  const send = (request: HttpRequest): Effect.Effect<HttpResponse, BlinkError> =>
    Effect.flatMap(execute(request), (httpResponse) =>
      isSuccessCode(request, httpResponse)
        ? Effect.succeed(httpResponse)
        : ensureSuccess(request.operation, httpResponse),
    )

  const download = (request: HttpRequest): Effect.Effect<HttpDownload, BlinkError> =>
    client.execute(toRequest(request)).pipe(
      withDefaults,
      Effect.mapError(toUnreachable(request.operation)),
      Effect.timeoutOrElse(timeoutError(request)),
      Effect.flatMap((response) =>
        response.status >= 200 && response.status < 300
          ? Effect.succeed({
              status: response.status,
              headers: response.headers,
              bytes: Stream.mapError(response.stream, toUnreachable(request.operation)),
            })
          : toHttpResponse(response).pipe(
              Effect.mapError(toUnreachable(request.operation)),
              Effect.flatMap((httpResponse) => ensureSuccess(request.operation, httpResponse)),
              Effect.andThen(Effect.fail(blinkError(request.operation, notAFile(response.status), "yes"))),
            ),
      ),
    )

  return { execute, send, download }
})

/**
 * HTTP client with common settings: redirects are never followed, since they could send a token to another
 * host, and no trace headers are sent.
 */
export class Transport extends Context.Service<
  Transport,
  {
    /** Returns the response with any status. Fails only with `Unreachable`. */
    readonly execute: (request: HttpRequest) => Effect.Effect<HttpResponse, BlinkError>
    /** Returns a successful response. Fails with the reason of an error response. */
    readonly send: (request: HttpRequest) => Effect.Effect<HttpResponse, BlinkError>
    /** Returns a file as a stream. The timeout covers the time to the response headers. */
    readonly download: (request: HttpRequest) => Effect.Effect<HttpDownload, BlinkError>
  }
>()("@blink-streams/core/Transport") {
  static readonly layer: Layer.Layer<Transport, never, HttpClient.HttpClient> = Layer.effect(
    Transport,
    makeTransport,
  )
}
