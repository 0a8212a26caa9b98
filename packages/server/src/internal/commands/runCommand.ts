import { AccountMonitors } from "@blink-streams/events"
import { timestampFromMillis } from "@blink-streams/model"
import { Clock, Effect, Result, type Schema, Stream, SubscriptionRef } from "effect"
import type { Permissions } from "../../Permissions.ts"
import { makeCorrelationId } from "../errors/correlationId.ts"
import { type MonitorError, toProtocolError } from "../errors/toProtocolError.ts"
import { MediaUrls } from "../media/MediaUrls.ts"
import { commandFailure } from "./commandFailure.ts"
import type { RecordedOutcome, CommandStatusValue } from "./CommandRecords.ts"
import { type CommandInput, type ResolvedCommand, resolveCommand } from "./resolveCommand.ts"

/**
 * Result value of a verified command: values of the cloud, `verifiedAt`, `armed` for arm and disarm, signed
 * thumbnail URL.
 */
const resultValue = Effect.fnUntraced(function* ({ monitor, command }: ResolvedCommand, value: Schema.Json) {
  const mediaUrls = yield* MediaUrls
  const now = yield* Clock.currentTimeMillis
  const fields = typeof value === "object" && value !== null ? Object.entries(value) : []
  const result: Record<string, Schema.Json> = Object.fromEntries(fields)
  result["verifiedAt"] = timestampFromMillis(now)
  if (command?.name === "arm" || command?.name === "disarm") result["armed"] = command.name === "arm"
  const thumbnail = result["thumbnail"]
  if (typeof thumbnail === "string") result["thumbnail"] = mediaUrls.sign(monitor.account, thumbnail, now)
  return result
})

/** Sends the command and returns the last value of its progress. */
const send = ({ monitor, command }: ResolvedCommand, onStatus: (status: CommandStatusValue) => void) =>
  command === null
    ? Effect.as(monitor.refresh, null)
    : Stream.runFold(
        monitor.command(command),
        (): Schema.Json => null,
        (value, progress) => {
          if (progress.status !== "done") onStatus(progress.status)
          return progress.value ?? value
        },
      )

const failedOutcome = (name: string) =>
  Effect.fnUntraced(function* (error: MonitorError) {
    const correlationId = yield* makeCorrelationId
    const annotations = { correlationId, command: name, error: error.message }
    yield* Effect.logWarning("command failed", annotations)
    return Result.fail(toProtocolError(error, correlationId))
  })

/** Resolves a command, runs it, and returns its outcome. */
export const runCommand = Effect.fn("runCommand")(function* (
  permissions: Permissions,
  input: CommandInput,
  onStatus: (status: CommandStatusValue) => void,
) {
  const monitors = yield* SubscriptionRef.get((yield* AccountMonitors).monitors)
  const resolved = yield* resolveCommand(monitors, permissions, input)
  if (Result.isFailure(resolved)) return yield* commandFailure(resolved.failure)
  return yield* send(resolved.success, onStatus).pipe(
    Effect.flatMap((value) => resultValue(resolved.success, value)),
    Effect.map((value): RecordedOutcome => Result.succeed(value)),
    Effect.catchTag("BlinkError", failedOutcome(input.name)),
  )
})
