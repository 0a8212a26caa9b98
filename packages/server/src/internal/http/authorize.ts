import type { Scope } from "@blink-streams/protocol/ServerMessage"
import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import { Effect, Redacted } from "effect"
import { HttpServerRequest } from "effect/http"
import { hasScope } from "../../Grant.ts"
import type { Tokens } from "../../Tokens.ts"
import type { Admission } from "../admission.ts"
import { problem } from "./Problem.ts"

/** Who asks: the token of the `Authorization` header, which must have `scope`. */
export const makeAuthorize = (tokens: Tokens["Service"], admission: Admission) =>
  Effect.fnUntraced(function* (scope: Scope) {
    const request = yield* HttpServerRequest.HttpServerRequest
    const secret = /^Bearer (\S{1,512})$/i.exec(request.headers["authorization"] ?? "")?.[1]
    const bearer = secret === undefined ? null : yield* tokens.verify(Redacted.make(secret))
    if (bearer === null) {
      if (secret !== undefined)
        admission.failedAuth(admission.addressOf(NodeHttpServerRequest.toIncomingMessage(request)))
      return yield* problem("unauthenticated", "send a valid token: `Authorization: Bearer …`")
    }
    if (!hasScope(bearer.grant, scope))
      return yield* problem("forbidden", `the token lacks the scope \`${scope}\``)
    return bearer
  })

export type Authorize = ReturnType<typeof makeAuthorize>
