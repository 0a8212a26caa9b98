import { requiredScopes } from "@blink-streams/protocol"
import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import { Context, Effect, Redacted } from "effect"
import { HttpRouter, HttpServerRequest, type HttpServerResponse } from "effect/http"
import { hasScope, noPermissions } from "../../Permissions.ts"
import { type AuthenticatedToken, Tokens } from "../../Tokens.ts"
import { problem } from "../errors/Problem.ts"
import { Admission } from "../listen/Admission.ts"

/** The token of a request. A route without a required scope has `anonymousToken`. */
export class RequestToken extends Context.Service<RequestToken, AuthenticatedToken>()(
  "@blink-streams/server/RequestToken",
) {}

type RouteName = keyof typeof requiredScopes.routes

/** Permits nothing. */
const anonymousToken: AuthenticatedToken = {
  tokenId: "anonymous",
  permissions: noPermissions,
  expiresAt: null,
}

/**
 * Verifies the token of the `Authorization` header. Fails with `unauthenticated`, or with `forbidden` when it lacks the
 * scope that the permission table requires for the route.
 */
const authorize = Effect.fnUntraced(function* (name: RouteName) {
  const scope = requiredScopes.routes[name]
  if (scope === "none") return anonymousToken
  const tokens = yield* Tokens
  const admission = yield* Admission
  const request = yield* HttpServerRequest.HttpServerRequest
  const secret = /^Bearer (\S{1,512})$/i.exec(request.headers["authorization"] ?? "")?.[1]
  const authToken = secret === undefined ? null : yield* tokens.verify(Redacted.make(secret))
  if (authToken === null) {
    if (secret !== undefined)
      admission.failedAuth(admission.addressOf(NodeHttpServerRequest.toIncomingMessage(request)))
    return yield* problem("unauthenticated", "send a valid token: `Authorization: Bearer TOKEN`")
  }
  if (!hasScope(authToken.permissions, scope))
    return yield* problem("forbidden", `the token lacks the scope \`${scope}\``)
  return authToken
})

/** Converts `GET /v1/tokens/{id}` to the method and path pattern of the router. */
const toPattern = (name: RouteName): readonly [method: "GET" | "POST" | "DELETE", path: `/${string}`] => {
  const path = `/${name.slice(name.indexOf("/") + 1).replaceAll(/\{(\w+)\}/g, ":$1")}` as const
  return [name.startsWith("GET") ? "GET" : name.startsWith("POST") ? "POST" : "DELETE", path]
}

/** Makes a route of the permission table. `handler` runs when the request has the required scope. */
export const route = <E, R>(
  name: RouteName,
  handler: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>,
) => HttpRouter.route(...toPattern(name), Effect.provideServiceEffect(handler, RequestToken, authorize(name)))
