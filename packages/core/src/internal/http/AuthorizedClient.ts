import { Context, Effect, Layer, Schema } from "effect"
import type { AuthContext } from "../../AuthContext.ts"
import { BlinkConfig, type CloudSettings } from "../../BlinkConfig.ts"
import { type BlinkError, blinkError } from "../../BlinkError.ts"
import { Budget } from "../../Budget.ts"
import { Drift } from "../../Drift.ts"
import { NotFound, NotSupported, Rejected } from "../../Reason.ts"
import { Session } from "../../Session.ts"
import { makeResponseDecoder } from "../decode/responseDecoder.ts"
import type { AnyEndpoint, Endpoint, EndpointInput } from "../endpoints/Endpoint.ts"
import { authorizationHeader } from "../session/authorization.ts"
import { baseUrl } from "../session/tier.ts"
import { bodyOf, inputField, pathWithQuery, requireAccountPath } from "./requestPath.ts"
import type { HttpResponse } from "./responseError.ts"
import { makeSharedReads } from "./sharedReads.ts"
import { type HttpDownload, type HttpRequest, Transport } from "./Transport.ts"
import { beforeSending, withAuthorization } from "./withAuthorization.ts"

interface ApiRequest {
  readonly operation: string
  readonly priority: AnyEndpoint["priority"]
  readonly path: string
}

const authorizedRequest = (
  { jsonTimeout }: CloudSettings,
  context: AuthContext,
  { operation, path }: ApiRequest,
  overrides: Partial<HttpRequest>,
): HttpRequest => ({
  operation,
  method: "GET",
  url: context.baseUrl + path,
  timeout: jsonTimeout,
  ...overrides,
  headers: { ...authorizationHeader(context), ...overrides.headers },
})

const unauthenticatedRequest = (
  settings: CloudSettings,
  endpoint: AnyEndpoint,
  input: object,
): HttpRequest => {
  const base = endpoint.host === "status" ? settings.statusUrl : baseUrl(settings, settings.bootstrapTier)
  return {
    operation: endpoint.id,
    method: endpoint.method,
    url: base + pathWithQuery(endpoint, input, 0),
    timeout: settings.jsonTimeout,
    successCodes: endpoint.successCodes,
    ...bodyOf(endpoint, input),
  }
}

/** Reason for which a request is not sent: another API, a step of the sign-in, or a wrong body. */
const requestMistake = (
  endpoint: AnyEndpoint,
  input: object,
  dialect: CloudSettings["dialect"],
): NotSupported | Rejected | null => {
  if (endpoint.dialect !== "both" && endpoint.dialect !== dialect)
    return new NotSupported({ detail: `${endpoint.id} belongs to the other API (${endpoint.dialect})` })
  if (endpoint.host === "signIn")
    return new NotSupported({ detail: `${endpoint.id} is a step of the sign-in; use \`Session\`` })
  return endpoint.body === null || Schema.is(endpoint.body)(inputField(input, "body"))
    ? null
    : new Rejected({ status: 0, code: null, detail: "the body has another shape" })
}

const makeAuthorizedClient = Effect.gen(function* () {
  const settings = yield* BlinkConfig
  const session = yield* Session
  const budget = yield* Budget
  const drift = yield* Drift
  const transport = yield* Transport
  const decodeResponse = makeResponseDecoder()

  const request = (apiRequest: ApiRequest, overrides: Partial<HttpRequest>) =>
    withAuthorization(session, (context) =>
      budget.spend(apiRequest.priority)(
        transport.send(authorizedRequest(settings, context, apiRequest, overrides)),
      ),
    )

  const sharedReads = yield* makeSharedReads(
    (apiRequest: ApiRequest) => request(apiRequest, {}),
    settings.shareReadsFor,
  )

  const pathFor = (endpoint: AnyEndpoint, input: object) =>
    Effect.map(beforeSending(session.current), ({ accountId }) => pathWithQuery(endpoint, input, accountId))

  const dispatch = Effect.fnUntraced(function* (endpoint: AnyEndpoint, input: object) {
    const { method, priority } = endpoint
    if (endpoint.unauthenticated) {
      return yield* budget.spend(priority)(transport.send(unauthenticatedRequest(settings, endpoint, input)))
    }
    const apiRequest = { operation: endpoint.id, priority, path: yield* pathFor(endpoint, input) }
    if (method === "GET")
      return yield* priority === "followUp" ? request(apiRequest, {}) : sharedReads.read(apiRequest)
    // Reads from before or during a command may show the old state.
    return yield* Effect.ensuring(
      request(apiRequest, { method, ...bodyOf(endpoint, input) }),
      sharedReads.invalidate,
    )
  })

  const send = Effect.fnUntraced(function* <Path extends string, Query, Body, Output>(
    endpoint: Endpoint<Path, Query, Body, Output>,
    input: EndpointInput<Path, Query, Body>,
  ) {
    const mistake = requestMistake(endpoint, input, settings.dialect)
    if (mistake !== null) return yield* blinkError(endpoint.id, mistake, "no")
    if (endpoint.response === null) {
      const detail = `${endpoint.id} returns a file; use \`path\` and \`bytes\``
      return yield* blinkError(endpoint.id, new NotSupported({ detail }), "no")
    }
    const response = yield* dispatch(endpoint, input)
    const { value, issues } = yield* decodeResponse(endpoint, endpoint.response, input, response)
    yield* drift.report(issues)
    return { value, response }
  })

  const download = Effect.fnUntraced(function* (path: string, headers: Readonly<Record<string, string>>) {
    const operation = "download"
    const apiRequest = {
      operation,
      priority: "media",
      path: yield* requireAccountPath(operation, path),
    } as const
    const overrides = { headers, timeout: settings.mediaTimeout }
    return yield* withAuthorization(session, (context) =>
      budget.spend("media")(transport.download(authorizedRequest(settings, context, apiRequest, overrides))),
    ).pipe(
      // 404 for a path from the cloud's own lists: the file is gone.
      Effect.catchReason("BlinkError", "NotSupported", () =>
        Effect.fail(
          blinkError(operation, new NotFound({ code: null, detail: "this picture or clip is gone" }), "yes"),
        ),
      ),
    )
  })

  return { send, pathFor, download, invalidate: sharedReads.invalidate }
})

/** Sends requests with the account's token and decodes the responses. Base of `BlinkApi`. */
export class AuthorizedClient extends Context.Service<
  AuthorizedClient,
  {
    /**
     * Sends one request. Returns the decoded value and the HTTP response. While the response text is
     * unchanged, `value` is the same object.
     */
    readonly send: <Path extends string, Query, Body, Output>(
      endpoint: Endpoint<Path, Query, Body, Output>,
      input: EndpointInput<Path, Query, Body>,
    ) => Effect.Effect<{ readonly value: Output; readonly response: HttpResponse }, BlinkError>
    readonly pathFor: (endpoint: AnyEndpoint, input: object) => Effect.Effect<string, BlinkError>
    readonly download: (
      path: string,
      headers: Readonly<Record<string, string>>,
    ) => Effect.Effect<HttpDownload, BlinkError>
    /** Makes the next reads send requests. */
    readonly invalidate: Effect.Effect<void>
  }
>()("@blink-streams/core/AuthorizedClient") {
  static readonly layer: Layer.Layer<
    AuthorizedClient,
    never,
    BlinkConfig | Session | Budget | Drift | Transport
  > = Layer.effect(AuthorizedClient, makeAuthorizedClient)
}
