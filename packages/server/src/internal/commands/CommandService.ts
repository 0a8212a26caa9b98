import type { AccountMonitors } from "@blink-streams/events"
import { timestampFromMillis } from "@blink-streams/model"
import { type CommandStatusMessage, type ProtocolError, protocolError } from "@blink-streams/protocol"
import { Cause, Clock, Deferred, Effect, Fiber, Result, type Schema, Stream, SubscriptionRef } from "effect"
import { createHash } from "node:crypto"
import type { AuthenticatedToken } from "../../Tokens.ts"
import { makeCorrelationId } from "../errors/correlationId.ts"
import { logProtocolError } from "../errors/logProtocolError.ts"
import { type MonitorError, toProtocolError } from "../errors/toProtocolError.ts"
import type { MediaUrlSigner } from "../media/MediaUrlSigner.ts"
import { type CommandInput, type ResolvedCommand, resolveCommand } from "./resolveCommand.ts"

type CommandStatusValue = (typeof CommandStatusMessage.Type)["status"]
/** Outcome of a command: its result value, or an error of the protocol. */
export type CommandOutcome = Result.Result<Schema.Json, ProtocolError>

interface CommandRecord {
  readonly key: string
  /**
   * SHA-256 of name, target, arguments and expectation. Detects an idempotency key that is reused for another
   * command.
   */
  readonly bodyHash: string
  readonly outcome: Deferred.Deferred<CommandOutcome>
  readonly listeners: Set<(status: CommandStatusValue) => void>
  fiber: Fiber.Fiber<unknown> | null
  status: CommandStatusValue
  /** End in milliseconds since the epoch; `null` while the command runs. */
  endedAt: number | null
}

/** Outcomes stay available under their idempotency key for 10 minutes, for at most 1,000 commands. */
const retentionMs = 10 * 60_000
const maxRecords = 1_000

/** A submitted command. */
export interface CommandHandle {
  /** Completes when the command ends, or with `timed_out` after the `timeoutMs` of its input. */
  readonly outcome: Effect.Effect<CommandOutcome>
  /** Interrupts the command. It may still take effect in the cloud. */
  readonly cancel: Effect.Effect<void>
}

/** Runs commands of the websocket and of HTTP, so that an idempotency key means the same in both. */
export interface CommandService {
  /**
   * Runs a command, or joins the one with the same token and idempotency key. The command continues when its
   * client disconnects.
   *
   * `onStatus` receives each further status; on joining a running command, the current one first.
   */
  submit(
    authToken: AuthenticatedToken,
    command: CommandInput,
    onStatus: (status: CommandStatusValue) => void,
  ): Effect.Effect<CommandHandle>
  /** Number of commands without an outcome. */
  readonly activeCount: () => number
}

/**
 * Result value of a verified command: values of the cloud, `verifiedAt`, `armed` for arm and disarm, signed
 * thumbnail URL.
 */
const resultValue = Effect.fnUntraced(function* (
  { monitor, command }: ResolvedCommand,
  mediaUrls: MediaUrlSigner,
  value: Schema.Json,
) {
  const now = yield* Clock.currentTimeMillis
  const fields = typeof value === "object" && value !== null ? Object.entries(value) : []
  const result: Record<string, Schema.Json> = Object.fromEntries(fields)
  result["verifiedAt"] = timestampFromMillis(now)
  if (command?.name === "arm" || command?.name === "disarm") result["armed"] = command.name === "arm"
  const thumbnail = result["thumbnail"]
  if (typeof thumbnail === "string") result["thumbnail"] = mediaUrls.sign(monitor.account, thumbnail, now)
  return result
})

const runCommand = (
  resolved: ResolvedCommand,
  mediaUrls: MediaUrlSigner,
  onStatus: (status: CommandStatusValue) => void,
) => {
  const { monitor, command } = resolved
  const run =
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
  return run.pipe(
    Effect.flatMap((value) => resultValue(resolved, mediaUrls, value)),
    Effect.map((value): CommandOutcome => Result.succeed(value)),
    Effect.catchTag("BlinkError", (error: MonitorError) =>
      Effect.gen(function* () {
        const correlationId = yield* makeCorrelationId
        const annotations = { correlationId, command: command?.name ?? "refresh", error: error.message }
        yield* Effect.logWarning("command failed", annotations)
        return Result.fail(toProtocolError(error, correlationId))
      }),
    ),
  )
}

/** Makes the `CommandService`. Commands run in the scope of the caller. */
export const makeCommandService = Effect.fnUntraced(function* (
  monitors: AccountMonitors["Service"],
  mediaUrls: MediaUrlSigner,
) {
  const scope = yield* Effect.scope
  const records = new Map<string, CommandRecord>()

  const fail = Effect.fnUntraced(function* (error: Pick<ProtocolError, "code" | "message" | "details">) {
    const { code, message, details } = error
    const options = details === undefined ? {} : { details }
    const failure = protocolError(code, message, yield* makeCorrelationId, options)
    yield* logProtocolError(failure)
    return Result.fail(failure)
  })

  const resolveAndRun = (authToken: AuthenticatedToken, command: CommandInput, record: CommandRecord) =>
    Effect.gen(function* () {
      const resolved = yield* resolveCommand(
        yield* SubscriptionRef.get(monitors.monitors),
        authToken.permissions,
        command,
      )
      if (Result.isFailure(resolved)) return yield* fail(resolved.failure)
      return yield* runCommand(resolved.success, mediaUrls, (status) => {
        record.status = status
        for (const listener of record.listeners) listener(status)
      })
    })

  const causeOutcome = Effect.fnUntraced(function* (cause: Cause.Cause<never>) {
    if (Cause.hasInterruptsOnly(cause))
      return yield* fail({
        code: "cancelled",
        message: "the command was cancelled; it may still take effect",
      })
    const correlationId = yield* makeCorrelationId
    yield* Effect.logError("command failed with a defect", cause).pipe(Effect.annotateLogs({ correlationId }))
    return Result.fail(protocolError("internal", "internal server error", correlationId))
  })

  /** Completes the record however the command ends: success, failure, defect or cancellation. */
  const runToOutcome = (authToken: AuthenticatedToken, command: CommandInput, record: CommandRecord) =>
    Effect.uninterruptibleMask((restore) =>
      restore(resolveAndRun(authToken, command, record)).pipe(
        Effect.catchCause(causeOutcome),
        Effect.flatMap((outcome) =>
          Effect.gen(function* () {
            record.endedAt = yield* Clock.currentTimeMillis
            record.listeners.clear()
            // Without an idempotency key no later request can join.
            if (command.idempotencyKey === undefined) records.delete(record.key)
            yield* Deferred.succeed(record.outcome, outcome)
          }),
        ),
      ),
    )

  const evictExpired = (now: number) => {
    for (const [key, { endedAt }] of records)
      if (endedAt !== null && (now - endedAt > retentionMs || records.size > maxRecords)) records.delete(key)
  }

  const service: CommandService = {
    activeCount: () => [...records.values()].filter(({ endedAt }) => endedAt === null).length,
    submit: Effect.fnUntraced(function* (authToken, command, onStatus) {
      const { idempotencyKey, timeoutMs, name, target, args, expect } = command
      const bodyHash = createHash("sha256")
        .update(JSON.stringify([name, target, args, expect]))
        .digest("base64url")
      evictExpired(yield* Clock.currentTimeMillis)
      const key = `${authToken.tokenId} ${idempotencyKey ?? `unkeyed ${yield* makeCorrelationId}`}`
      let record = records.get(key)
      if (record !== undefined && record.bodyHash !== bodyHash) {
        const outcome = yield* fail({
          code: "key_reused",
          message: "the idempotency key belongs to another command",
        })
        return { outcome: Effect.succeed(outcome), cancel: Effect.void }
      }
      if (record === undefined) {
        const created: CommandRecord = {
          key,
          bodyHash,
          outcome: yield* Deferred.make<CommandOutcome>(),
          listeners: new Set([onStatus]),
          fiber: null,
          status: "queued",
          endedAt: null,
        }
        record = created
        records.set(key, created)
        // Starts immediately: a fiber interrupted before its first step would never complete the outcome.
        created.fiber = yield* Effect.forkIn(runToOutcome(authToken, command, created), scope, {
          startImmediately: true,
        })
      } else if (record.endedAt === null) {
        onStatus(record.status)
        record.listeners.add(onStatus)
      }
      const { outcome, fiber } = record
      const awaitOutcome = Deferred.await(outcome)
      const { listeners } = record
      return {
        outcome:
          timeoutMs === undefined
            ? awaitOutcome
            : Effect.timeoutOrElse(awaitOutcome, {
                duration: timeoutMs,
                orElse: () => {
                  // No status may follow a result.
                  listeners.delete(onStatus)
                  return fail({
                    code: "timed_out",
                    message: "no outcome within the timeout; the command may still take effect",
                  })
                },
              }),
        cancel: fiber === null ? Effect.void : Fiber.interrupt(fiber),
      }
    }),
  }
  return service
})
