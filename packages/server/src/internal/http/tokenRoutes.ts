import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import { Effect, Redacted, Schema } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { Permissions } from "../../Permissions.ts"
import type { TokenRecord } from "../../TokenRecord.ts"
import { Tokens } from "../../Tokens.ts"
import { problem } from "../errors/Problem.ts"
import { Admission } from "../listen/Admission.ts"
import { route } from "./route.ts"

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

/** Exchanges a one-time code for a token. */
const createSession = Effect.gen(function* () {
  const tokens = yield* Tokens
  const admission = yield* Admission
  const { code } = yield* HttpServerRequest.schemaBodyJson(Schema.Struct({ code: Schema.String }))
  const token = yield* Effect.orDie(tokens.redeemCode(Redacted.make(code)))
  if (token === null) {
    const request = yield* HttpServerRequest.HttpServerRequest
    admission.failedAuth(admission.addressOf(NodeHttpServerRequest.toIncomingMessage(request)))
    return yield* problem("unauthenticated", "the code is invalid, expired or already used")
  }
  return HttpServerResponse.jsonUnsafe({ token: Redacted.value(token) }, noStore)
})

const listTokens = Effect.gen(function* () {
  const tokens = yield* Tokens
  return HttpServerResponse.jsonUnsafe({ tokens: (yield* tokens.list).map(publicRecord) }, noStore)
})

const createToken = Effect.gen(function* () {
  const tokens = yield* Tokens
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

const revokeToken = Effect.gen(function* () {
  const tokens = yield* Tokens
  const { id } = yield* HttpRouter.schemaPathParams(Schema.Struct({ id: Schema.String }))
  if (!(yield* Effect.orDie(tokens.revoke(id)))) return yield* problem("not_found", "no such token")
  return HttpServerResponse.empty()
})

export const tokenRoutes = [
  route("POST /v1/session", createSession),
  route("GET /v1/tokens", listTokens),
  route("POST /v1/tokens", createToken),
  route("DELETE /v1/tokens/{id}", revokeToken),
] as const
