import { Cache, Clock, Duration, Effect, Exit, Schema } from "effect"
import { BlinkConfig } from "../BlinkConfig.ts"
import { type BlinkError, blinkError, NotSupported, Refused, WrongTarget } from "../BlinkError.ts"
import { Budget } from "../Budget.ts"
import { Drift } from "../Drift.ts"
import type { AnyEndpoint, Endpoint, Input } from "../Endpoint.ts"
import { type Grant, Session } from "../Session.ts"
import { authorization } from "./authorization.ts"
import { makeReadings } from "./memo.ts"
import { baseUrl } from "./oauth.ts"
import { readAnswer, rereadAnswer } from "./readAnswer.ts"
import type { Reply } from "./refusal.ts"
import { makeTransport, type Outgoing } from "./transport.ts"

/** Enough for the pages of a media poll and the networks of a legacy home. */
const readingsKept = 16

interface Ask {
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

/** A path of ours, never an address: the token goes to the account's own host only. */
const ownPath = (operation: string, path: string) =>
  /^\/(?!\/)[^\s\\]*$/.test(path)
    ? Effect.succeed(path)
    : Effect.fail(
        blinkError(operation, new WrongTarget({ code: null, what: "that is no path of a picture or clip" })),
      )

/** Sends calls with the account's token and reads their answers: what `BlinkApi` and its neighbours stand on. */
export const makeCalls = Effect.gen(function* () {
  const settings = yield* BlinkConfig
  const session = yield* Session
  const budget = yield* Budget
  const drift = yield* Drift
  const transport = yield* makeTransport
  const readings = makeReadings(readingsKept)

  /**
   * Once more with another token when the first is rejected, and once more at another tier when the account has
   * moved. No third time: a token that is rejected right after its renewal ends the session.
   */
  const authorized = <A>(
    request: (grant: Grant) => Effect.Effect<A, BlinkError>,
  ): Effect.Effect<A, BlinkError> =>
    Effect.flatMap(session.current, (grant) =>
      request(grant).pipe(
        Effect.catchReason("BlinkError", "SessionLost", () =>
          Effect.flatMap(session.renewed(grant), (renewed) =>
            request(renewed).pipe(
              Effect.catchReason("BlinkError", "SessionLost", (_, error) =>
                session.relocated(renewed).pipe(
                  Effect.flatMap((moved) =>
                    moved.tier === renewed.tier ? Effect.fail(error) : request(moved),
                  ),
                  Effect.tapError(({ reason }) =>
                    reason._tag === "SessionLost" ? session.reject(renewed) : Effect.void,
                  ),
                ),
              ),
            ),
          ),
        ),
        Effect.catchReason("BlinkError", "AccessDenied", (_, error) =>
          Effect.flatMap(session.relocated(grant), (moved) =>
            moved.tier === grant.tier ? Effect.fail(error) : request(moved),
          ),
        ),
      ),
    )

  const outgoing = (grant: Grant, ask: Ask, more: Partial<Outgoing>): Outgoing => ({
    operation: ask.operation,
    method: "GET",
    url: grant.baseUrl + ask.path,
    timeout: settings.jsonTimeout,
    ...more,
    headers: { ...authorization(grant), ...more.headers },
  })

  const get = (ask: Ask): Effect.Effect<Reply, BlinkError> =>
    authorized((grant) => budget.spend(ask.priority)(transport.send(outgoing(grant, ask, {}))))

  /** Identical reads share one request while it is under way, and its answer for a while after. */
  const shared = yield* Cache.makeWith(get, {
    capacity: 16,
    timeToLive: (exit) => (Exit.isSuccess(exit) ? settings.shareReadsFor : Duration.zero),
  })

  /** The next reads ask anew: something has just changed. */
  const forget = Cache.invalidateAll(shared)

  let lastAskedAt = 0
  const shareInTime = Effect.fnUntraced(function* (ask: Ask) {
    const now = yield* Clock.currentTimeMillis
    // By a clock that was set back, an answer of just now would stay new for as long as that lies ahead.
    if (now < lastAskedAt) yield* forget
    lastAskedAt = now
    return yield* Cache.get(shared, ask)
  })

  const pathFor = (endpoint: AnyEndpoint, input: object) =>
    Effect.map(
      session.current,
      ({ accountId }) => pathOf(endpoint, input, accountId) + queryOf(field(input, "query")),
    )

  const send = Effect.fnUntraced(function* (endpoint: AnyEndpoint, input: object) {
    const operation = endpoint.id
    const { method, priority, answeringCodes } = endpoint
    if (endpoint.open) {
      const base = endpoint.host === "status" ? settings.statusUrl : baseUrl(settings, settings.bootstrapTier)
      const url = `${base}${pathOf(endpoint, input, 0)}${queryOf(field(input, "query"))}`
      const timeout = settings.jsonTimeout
      return yield* budget.spend(priority)(
        transport.send({ operation, method, url, timeout, answeringCodes, ...bodyOf(endpoint, input) }),
      )
    }
    const path = yield* pathFor(endpoint, input)
    if (method === "GET")
      return yield* priority === "followUp"
        ? get({ operation, priority, path })
        : shareInTime({ operation, priority, path })
    // What was read before an order, or while it was under way, may be what it changes.
    return yield* authorized((grant) =>
      budget.spend(priority)(
        transport.send(
          outgoing(grant, { operation, priority, path }, { method, ...bodyOf(endpoint, input) }),
        ),
      ),
    ).pipe(Effect.ensuring(forget))
  })

  /** One call, with the answer's headers. While the text of an answer stays the same, so does its value. */
  const ask = Effect.fnUntraced(function* <Path extends string, Query, Body, Answer>(
    endpoint: Endpoint<Path, Query, Body, Answer>,
    input: Input<Path, Query, Body>,
  ) {
    if (endpoint.dialect !== "both" && endpoint.dialect !== settings.dialect) {
      const what = `${endpoint.id} belongs to the other dialect`
      return yield* blinkError(endpoint.id, new NotSupported({ what }))
    }
    if (endpoint.host === "signIn" || endpoint.answer === null) {
      const what =
        endpoint.host === "signIn"
          ? `${endpoint.id} is a step of the sign-in; use \`Session\``
          : `${endpoint.id} answers a file; use \`path\` and \`bytes\``
      return yield* blinkError(endpoint.id, new NotSupported({ what }))
    }
    const body = field(input, "body")
    if (endpoint.body !== null && !Schema.is(endpoint.body)(body)) {
      return yield* blinkError(
        endpoint.id,
        new Refused({ status: 0, code: null, what: "these arguments have another shape" }),
      )
    }
    const reply = yield* send(endpoint, input)
    const key = `${endpoint.id} ${JSON.stringify(input)}`
    const known = endpoint.method === "GET" ? readings.find(key, reply.text) : null
    // What was kept under this endpoint's id was read with this endpoint's schema.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    if (known !== null) return { value: known.value as Answer, reply }
    const { value, found } = yield* endpoint.priority === "poll"
      ? rereadAnswer(endpoint.id, endpoint.answer, reply, readings.latest(key))
      : readAnswer(endpoint.id, endpoint.answer, reply)
    yield* drift.report(found)
    if (endpoint.method === "GET") readings.keep(key, reply.text, value)
    return { value, reply }
  })

  const download = Effect.fnUntraced(function* (path: string, headers: Readonly<Record<string, string>>) {
    const operation = "download"
    const own = yield* ownPath(operation, path)
    return yield* authorized((grant) =>
      budget.spend("media")(
        transport.download(
          outgoing(
            grant,
            { operation, priority: "media", path: own },
            { headers, timeout: settings.mediaTimeout },
          ),
        ),
      ),
    ).pipe(
      // A path that the cloud has shown and no longer serves is a file that is gone, not a feature.
      Effect.catchReason("BlinkError", "NotSupported", () =>
        Effect.fail(
          blinkError(operation, new WrongTarget({ code: null, what: "this picture or clip is gone" })),
        ),
      ),
    )
  })

  return { settings, session, drift, ask, pathFor, download, forget }
})

const bodyOf = (endpoint: AnyEndpoint, input: object): Partial<Outgoing> => {
  const body = field(input, "body")
  if (body === undefined) return {}
  return endpoint.form && typeof body === "object" && body !== null
    ? { form: Object.fromEntries(Object.entries(body).map(([name, value]) => [name, String(value)])) }
    : { json: body }
}
