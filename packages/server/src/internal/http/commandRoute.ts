import { commandFields } from "@blink-streams/protocol"
import { Effect, Result, Schema } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import type { CommandService } from "../commands/CommandService.ts"
import { problemResponse } from "../errors/Problem.ts"
import type { Authorize } from "./authorize.ts"

/** `POST /v1/commands`: runs a command and responds with its outcome. Requires the scope `control`. */
export const commandRoute = (options: {
  readonly commands: CommandService
  readonly authorize: Authorize
}) => {
  const { commands, authorize } = options
  const postCommand = Effect.gen(function* () {
    const authToken = yield* authorize("control")
    const command = yield* HttpServerRequest.schemaBodyJson(Schema.Struct(commandFields))
    const handle = yield* commands.submit(authToken, command, () => {})
    const outcome = yield* handle.outcome
    return Result.isSuccess(outcome)
      ? HttpServerResponse.jsonUnsafe({ ok: true, value: outcome.success })
      : problemResponse(outcome.failure)
  })

  return HttpRouter.route("POST", "/v1/commands", postCommand)
}
