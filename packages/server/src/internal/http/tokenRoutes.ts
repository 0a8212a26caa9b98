import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import { Effect, Redacted, Schema } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { Permissions } from "../../Permissions.ts"
import type { TokenRecord, Tokens } from "../../Tokens.ts"
import { problem } from "../errors/Problem.ts"
import type { Admission } from "../listen/admission.ts"
import type { Authorize } from "./authorize.ts"

const NewToken = Schema.Struct({
  name: Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(100)),
  ...Permissions.fields,
  accounts: Schema.optionalKey(Permissions.fields.accounts),
  networks: Schema.optionalKey(Permissions.fields.networks),
  cameras: Schema.optionalKey(Permissions.fields.cameras),
  lifetimeMs: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThan(0))),
})

/** Returns a token record without its hash. */
const publicRecord = ({ id, name, permissions, createdAt, expiresAt }: TokenRecord) => ({
  id,
  name,
  ...permissions,
  createdAt,
  expiresAt,
})

const noStore = { headers: { "cache-control": "no-store" } }

/**
 * Routes that list, create and revoke tokens (scope `admin`), and `POST /v1/session`, which exchanges a one-time
 * code for a token.
 */
export const tokenRoutes = (options: {
  readonly tokens: Tokens["Service"]
  readonly admission: Admission
  readonly authorize: Authorize
}) => {
  const { tokens, admission, authorize } = options

  const createSession = Effect.gen(function* () {
    const { code } = yield* HttpServerRequest.schemaBodyJson(Schema.Struct({ code: Schema.String }))
    const token = yield* Effect.orDie(tokens.redeemCode(Redacted.make(code)))
    if (token === null) {
      const request = yield* HttpServerRequest.HttpServerRequest
      admission.failedAuth(admission.addressOf(NodeHttpServerRequest.toIncomingMessage(request)))
      return yield* problem("unauthenticated", "the code is invalid, expired or already used")
    }
    return HttpServerResponse.jsonUnsafe({ token: Redacted.value(token) }, noStore)
  })

  const list = Effect.gen(function* () {
    yield* authorize("admin")
    return HttpServerResponse.jsonUnsafe({ tokens: (yield* tokens.list).map(publicRecord) }, noStore)
  })

  const create = Effect.gen(function* () {
    yield* authorize("admin")
    const body = yield* HttpServerRequest.schemaBodyJson(NewToken)
    const { name, scopes, accounts = null, networks = null, cameras = null, lifetimeMs } = body
    const { record, token } = yield* Effect.orDie(
      tokens.create({
        name,
        permissions: { scopes, accounts, networks, cameras },
        ...(lifetimeMs === undefined ? {} : { lifetimeMs }),
      }),
    )
    return HttpServerResponse.jsonUnsafe(
      { ...publicRecord(record), token: Redacted.value(token) },
      { status: 201, ...noStore },
    )
  })

  const revoke = Effect.gen(function* () {
    yield* authorize("admin")
    const { id } = yield* HttpRouter.schemaPathParams(Schema.Struct({ id: Schema.String }))
    if (!(yield* Effect.orDie(tokens.revoke(id)))) return yield* problem("not_found", "no such token")
    return HttpServerResponse.empty()
  })

  return [
    HttpRouter.route("POST", "/v1/session", createSession),
    HttpRouter.route("GET", "/v1/tokens", list),
    HttpRouter.route("POST", "/v1/tokens", create),
    HttpRouter.route("DELETE", "/v1/tokens/:id", revoke),
  ] as const
}
