import { commandFields } from "@blink-streams/protocol"
import { Effect, Result, Schema } from "effect"
import { HttpServerRequest, HttpServerResponse } from "effect/http"
import { CommandService } from "../commands/CommandService.ts"
import { problemResponse } from "../errors/Problem.ts"
import { RequestToken, route } from "./route.ts"

/** Runs a command and responds with its outcome. */
const postCommand = Effect.gen(function* () {
  const commands = yield* CommandService
  const command = yield* HttpServerRequest.schemaBodyJson(Schema.Struct(commandFields))
  const handle = yield* commands.submit(yield* RequestToken, command, () => {})
  const outcome = yield* handle.outcome
  return Result.isSuccess(outcome)
    ? HttpServerResponse.jsonUnsafe({ ok: true, value: outcome.success })
    : problemResponse(outcome.failure)
})

export const commandRoute = route("POST /v1/commands", postCommand)
