import type { TokenScope } from "@blink-streams/protocol"
import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import { Effect, Redacted } from "effect"
import { HttpServerRequest } from "effect/http"
import { hasScope } from "../../Permissions.ts"
import type { Tokens } from "../../Tokens.ts"
import { problem } from "../errors/Problem.ts"
import type { Admission } from "../listen/admission.ts"

/**
 * Verifies the token of the `Authorization` header. Fails with `unauthenticated`, or with `forbidden` when it
 * lacks `scope`.
 */
export const makeAuthorize = (tokens: Tokens["Service"], admission: Admission) =>
  Effect.fnUntraced(function* (scope: TokenScope) {
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

export type Authorize = ReturnType<typeof makeAuthorize>
