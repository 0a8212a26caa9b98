import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import { Effect, Redacted, Schema } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { areInside, Permissions } from "../../Permissions.ts"
import type { TokenRecord } from "../../TokenRecord.ts"
import { Tokens } from "../../Tokens.ts"
import { problem } from "../errors/Problem.ts"
import { Admission } from "../listen/Admission.ts"
import { RequestToken, route } from "./route.ts"

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

/** The tokens that permit no more than the token of the request. */
const visibleTokens = Effect.gen(function* () {
  const { permissions: limit } = yield* RequestToken
  return (yield* (yield* Tokens).list).filter(({ permissions }) => areInside(permissions, limit))
})

const listTokens = Effect.map(visibleTokens, (records) =>
  HttpServerResponse.jsonUnsafe({ tokens: records.map(publicRecord) }, noStore),
)

/** Creates a token. Lists that the request does not contain are those of its own token. */
const createToken = Effect.gen(function* () {
  const tokens = yield* Tokens
  const body = yield* HttpServerRequest.schemaBodyJson(NewToken)
  const { permissions: limit } = yield* RequestToken
  const { name, scopes, lifetimeMs } = body
  const { accounts = limit.accounts, networks = limit.networks, cameras = limit.cameras } = body
  const permissions = { scopes, accounts, networks, cameras }
  if (!areInside(permissions, limit))
    return yield* problem("forbidden", "a token cannot permit more than the token that creates it")
  const { record, token } = yield* Effect.orDie(
    tokens.create({
      name,
      permissions,
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
  const isVisible = (yield* visibleTokens).some((record) => record.id === id)
  if (!isVisible || !(yield* Effect.orDie(tokens.revoke(id))))
    return yield* problem("not_found", "no such token")
  return HttpServerResponse.empty()
})

export const tokenRoutes = [
  route("POST /v1/session", createSession),
  route("GET /v1/tokens", listTokens),
  route("POST /v1/tokens", createToken),
  route("DELETE /v1/tokens/{id}", revokeToken),
] as const
