import { Cache, Clock, Duration, Effect, Exit, Predicate, Schema } from "effect"
import { BlinkConfig } from "../../BlinkConfig.ts"
import { type BlinkError, blinkError } from "../../BlinkError.ts"
import { Budget } from "../../Budget.ts"
import { Drift } from "../../Drift.ts"
import type { AnyEndpoint, Endpoint, EndpointInput } from "../endpoints/Endpoint.ts"
import { Session } from "../../Session.ts"
import { authorizationHeader } from "../session/authorization.ts"
import { makeResponseCache } from "../decode/memo.ts"
import { decodeResponse, decodeIncremental } from "./decodeResponse.ts"
import type { HttpResponse } from "./responseError.ts"
import { makeTransport, type HttpRequest } from "./transport.ts"
import { NotFound, NotSupported, Rejected } from "../../Reason.ts"
import type { AuthContext } from "../../AuthContext.ts"
import { baseUrl } from "../session/tier.ts"

/** Covers the pages of a media poll and the networks of a legacy account. */
const cachedResponses = 16

interface ApiRequest {
  readonly operation: string
  readonly priority: AnyEndpoint["priority"]
  readonly path: string
}

const field = (input: object, name: string): unknown => new Map(Object.entries(input)).get(name)

const pathOf = (endpoint: AnyEndpoint, input: object, account: number): string =>
  endpoint.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(name === "account" ? String(account) : String(field(input, name))),
  )

const queryOf = (query: unknown): string => {
  if (typeof query !== "object" || query === null) return ""
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) parameters.set(name, String(value))
  return parameters.size === 0 ? "" : `?${parameters.toString()}`
}

/** Accepts a path only, never an address: the token is sent to the account's own host only. */
const requireAccountPath = (operation: string, path: string) =>
  /^\/(?!\/)[^\s\\]*$/.test(path)
    ? Effect.succeed(path)
    : Effect.fail(
        blinkError(
          operation,
          new NotFound({ code: null, detail: "not the path of a picture or clip" }),
          "no",
        ),
      )

/**
 * Marks the errors of a request that only prepares another, such as a renewal: the other one was not sent, or
 * was turned away for its token or tier.
 */
const beforeSending = <A>(effect: Effect.Effect<A, BlinkError>): Effect.Effect<A, BlinkError> =>
  Effect.mapError(effect, ({ operation, reason }) => blinkError(operation, reason, "no"))

/** Sends requests with the account's token and decodes the responses. Base of `BlinkApi`. */
export const makeAuthorizedClient = Effect.gen(function* () {
  const settings = yield* BlinkConfig
  const session = yield* Session
  const budget = yield* Budget
  const drift = yield* Drift
  const transport = yield* makeTransport
  const responseCache = makeResponseCache(cachedResponses)

  /**
   * Repeats a request once with a renewed token after a 401, and once at another tier when the account has
   * moved. Never a third time: a token that is rejected right after its renewal ends the session.
   */
  const authorized = <A>(
    attempt: (context: AuthContext) => Effect.Effect<A, BlinkError>,
  ): Effect.Effect<A, BlinkError> =>
    Effect.flatMap(beforeSending(session.current), (context) =>
      attempt(context).pipe(
        Effect.catchReason("BlinkError", "SessionExpired", () =>
          Effect.flatMap(beforeSending(session.renew(context)), (renewedContext) =>
            attempt(renewedContext).pipe(
              Effect.catchReason("BlinkError", "SessionExpired", (_, error) =>
                beforeSending(session.refreshTier(renewedContext)).pipe(
                  Effect.flatMap((movedContext) =>
                    movedContext.tier === renewedContext.tier ? Effect.fail(error) : attempt(movedContext),
                  ),
                  Effect.tapError(({ reason }) =>
                    reason._tag === "SessionExpired" ? session.invalidate(renewedContext) : Effect.void,
                  ),
                ),
              ),
            ),
          ),
        ),
        Effect.catchReason("BlinkError", "AccessDenied", (_, error) =>
          Effect.flatMap(beforeSending(session.refreshTier(context)), (movedContext) =>
            movedContext.tier === context.tier ? Effect.fail(error) : attempt(movedContext),
          ),
        ),
      ),
    )

  const toHttpRequest = (
    context: AuthContext,
    request: ApiRequest,
    overrides: Partial<HttpRequest>,
  ): HttpRequest => ({
    operation: request.operation,
    method: "GET",
    url: context.baseUrl + request.path,
    timeout: settings.jsonTimeout,
    ...overrides,
    headers: { ...authorizationHeader(context), ...overrides.headers },
  })

  const get = (request: ApiRequest): Effect.Effect<HttpResponse, BlinkError> =>
    authorized((context) =>
      budget.spend(request.priority)(transport.send(toHttpRequest(context, request, {}))),
    )

  /** Identical reads share one pending request, and its response for `shareReadsFor`. */
  const sharedReads = yield* Cache.makeWith(get, {
    capacity: 16,
    timeToLive: (exit) => (Exit.isSuccess(exit) ? settings.shareReadsFor : Duration.zero),
  })

  /** Makes the next reads send requests. */
  const invalidate = Cache.invalidateAll(sharedReads)

  let lastReadAt = 0
  const sharedRead = Effect.fnUntraced(function* (request: ApiRequest) {
    const now = yield* Clock.currentTimeMillis
    // With a clock that was set back, a shared response would stay valid too long.
    if (now < lastReadAt) yield* invalidate
    lastReadAt = now
    return yield* Cache.get(sharedReads, request)
  })

  const pathFor = (endpoint: AnyEndpoint, input: object) =>
    Effect.map(
      beforeSending(session.current),
      ({ accountId }) => pathOf(endpoint, input, accountId) + queryOf(field(input, "query")),
    )

  const dispatch = Effect.fnUntraced(function* (endpoint: AnyEndpoint, input: object) {
    const operation = endpoint.id
    const { method, priority, successCodes } = endpoint
    if (endpoint.unauthenticated) {
      const base = endpoint.host === "status" ? settings.statusUrl : baseUrl(settings, settings.bootstrapTier)
      const url = `${base}${pathOf(endpoint, input, 0)}${queryOf(field(input, "query"))}`
      const timeout = settings.jsonTimeout
      return yield* budget.spend(priority)(
        transport.send({
          operation,
          method,
          url,
          timeout,
          successCodes,
          ...bodyOf(endpoint, input),
        }),
      )
    }
    const path = yield* pathFor(endpoint, input)
    if (method === "GET")
      return yield* priority === "followUp"
        ? get({ operation, priority, path })
        : sharedRead({ operation, priority, path })
    // Reads from before or during a command may show the old state.
    return yield* authorized((context) =>
      budget.spend(priority)(
        transport.send(
          toHttpRequest(context, { operation, priority, path }, { method, ...bodyOf(endpoint, input) }),
        ),
      ),
    ).pipe(Effect.ensuring(invalidate))
  })

  /**
   * Sends one request. Returns the decoded value and the HTTP response. While the response text is unchanged,
   * `value` is the same object.
   */
  const send = Effect.fnUntraced(function* <Path extends string, Query, Body, Output>(
    endpoint: Endpoint<Path, Query, Body, Output>,
    input: EndpointInput<Path, Query, Body>,
  ) {
    if (endpoint.dialect !== "both" && endpoint.dialect !== settings.dialect) {
      const detail = `${endpoint.id} belongs to the other API (${endpoint.dialect})`
      return yield* blinkError(endpoint.id, new NotSupported({ detail }), "no")
    }
    if (endpoint.host === "signIn" || endpoint.response === null) {
      const detail =
        endpoint.host === "signIn"
          ? `${endpoint.id} is a step of the sign-in; use \`Session\``
          : `${endpoint.id} returns a file; use \`path\` and \`bytes\``
      return yield* blinkError(endpoint.id, new NotSupported({ detail }), "no")
    }
    const body = field(input, "body")
    if (endpoint.body !== null && !Schema.is(endpoint.body)(body)) {
      return yield* blinkError(
        endpoint.id,
        new Rejected({ status: 0, code: null, detail: "the body has another shape" }),
        "no",
      )
    }
    const response = yield* dispatch(endpoint, input)
    const key = `${endpoint.id} ${JSON.stringify(input)}`
    const cached = endpoint.method === "GET" ? responseCache.get(key, response.text) : null
    // The cache key starts with the endpoint id, so the value has the type of its schema.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    if (cached !== null) return { value: cached.value as Output, response }
    const { value, issues } = yield* endpoint.priority === "poll"
      ? decodeIncremental(endpoint.id, endpoint.response, response, responseCache.latest(key))
      : decodeResponse(endpoint.id, endpoint.response, response)
    yield* drift.report(issues)
    if (endpoint.method === "GET") responseCache.set(key, response.text, value)
    return { value, response }
  })

  const download = Effect.fnUntraced(function* (path: string, headers: Readonly<Record<string, string>>) {
    const operation = "download"
    const accountPath = yield* requireAccountPath(operation, path)
    return yield* authorized((context) =>
      budget.spend("media")(
        transport.download(
          toHttpRequest(
            context,
            { operation, priority: "media", path: accountPath },
            { headers, timeout: settings.mediaTimeout },
          ),
        ),
      ),
    ).pipe(
      // 404 for a path from the cloud's own lists: the file is gone.
      Effect.catchReason("BlinkError", "NotSupported", () =>
        Effect.fail(
          blinkError(operation, new NotFound({ code: null, detail: "this picture or clip is gone" }), "yes"),
        ),
      ),
    )
  })

  return { settings, session, drift, send, pathFor, download, invalidate }
})

const bodyOf = (endpoint: AnyEndpoint, input: object): Partial<HttpRequest> => {
  const body = field(input, "body")
  if (body === undefined) return {}
  return endpoint.form && Predicate.isReadonlyObject(body)
    ? { form: Object.fromEntries(Object.entries(body).map(([name, value]) => [name, String(value)])) }
    : { json: body }
}
