import type { AccountMonitors } from "@blink-streams/events"
import { Clock, Context, Deferred, Effect, Fiber, Layer } from "effect"
import { createHash } from "node:crypto"
import type { AuthenticatedToken } from "../../Tokens.ts"
import { makeCorrelationId } from "../errors/correlationId.ts"
import type { MediaUrls } from "../media/MediaUrls.ts"
import { observeGauge } from "../metrics/observe.ts"
import { causeOutcome, commandFailure } from "./commandFailure.ts"
import {
  type RecordedOutcome,
  type CommandRecord,
  CommandRecords,
  type CommandStatusValue,
} from "./CommandRecords.ts"
import type { CommandInput } from "./resolveCommand.ts"
import { runCommand } from "./runCommand.ts"

/** A submitted command. */
export interface CommandHandle {
  /** Completes when the command ends, or with `timed_out` after the `timeoutMs` of its input. */
  readonly outcome: Effect.Effect<RecordedOutcome>
  /** Interrupts the command. It may still take effect in the cloud. */
  readonly cancel: Effect.Effect<void>
}

const hashOf = ({ name, target, args, expect }: CommandInput): string =>
  createHash("sha256")
    .update(JSON.stringify([name, target, args, expect]))
    .digest("base64url")

const reusedKey = commandFailure({
  code: "key_reused",
  message: "the idempotency key belongs to another command",
})

const timedOut = commandFailure({
  code: "timed_out",
  message: "no outcome within the timeout; the command may still take effect",
})

/** Waits for the outcome, at most `timeoutMs`. After a timeout `onStatus` is not called: no status may follow a result. */
const awaitOutcome = (
  { outcome, listeners }: CommandRecord,
  { timeoutMs }: CommandInput,
  onStatus: (status: CommandStatusValue) => void,
): Effect.Effect<RecordedOutcome> =>
  timeoutMs === undefined
    ? Deferred.await(outcome)
    : Effect.timeoutOrElse(Deferred.await(outcome), {
        duration: timeoutMs,
        orElse: () => {
          listeners.delete(onStatus)
          return timedOut
        },
      })

const makeCommandService = Effect.gen(function* () {
  const scope = yield* Effect.scope
  const services = yield* Effect.context<AccountMonitors | MediaUrls>()
  const records = new CommandRecords()
  yield* observeGauge("active_commands", "Commands without an outcome.", () => records.activeCount)

  /** Completes the record however the command ends: success, failure, defect or cancellation. */
  const runToOutcome = (authToken: AuthenticatedToken, command: CommandInput, record: CommandRecord) =>
    Effect.uninterruptibleMask((restore) =>
      restore(
        runCommand(authToken.permissions, command, (status) => {
          record.status = status
          for (const listener of record.listeners) listener(status)
        }),
      ).pipe(
        Effect.provideContext(services),
        Effect.catchCause(causeOutcome),
        Effect.flatMap(
          Effect.fnUntraced(function* (outcome) {
            record.endedAt = yield* Clock.currentTimeMillis
            record.listeners.clear()
            // Without an idempotency key no later request can join.
            if (command.idempotencyKey === undefined) records.remove(record.key)
            yield* Deferred.succeed(record.outcome, outcome)
          }),
        ),
      ),
    )

  const start = Effect.fnUntraced(function* (
    key: string,
    authToken: AuthenticatedToken,
    command: CommandInput,
    onStatus: (status: CommandStatusValue) => void,
  ) {
    const record: CommandRecord = {
      key,
      bodyHash: hashOf(command),
      outcome: yield* Deferred.make<RecordedOutcome>(),
      listeners: new Set([onStatus]),
      fiber: null,
      status: "queued",
      endedAt: null,
    }
    records.add(record)
    // Starts immediately: a fiber interrupted before its first step would never complete the outcome.
    record.fiber = yield* Effect.forkIn(runToOutcome(authToken, command, record), scope, {
      startImmediately: true,
    })
    return record
  })

  return CommandService.of({
    submit: Effect.fn("CommandService.submit")(function* (authToken, command, onStatus) {
      records.removeExpired(yield* Clock.currentTimeMillis)
      const key = `${authToken.tokenId} ${command.idempotencyKey ?? `unkeyed ${yield* makeCorrelationId}`}`
      const known = records.find(key)
      if (known !== undefined && known.bodyHash !== hashOf(command)) {
        const outcome = yield* reusedKey
        return { outcome: Effect.succeed(outcome), cancel: Effect.void }
      }
      if (known?.endedAt === null) {
        onStatus(known.status)
        known.listeners.add(onStatus)
      }
      const record = known ?? (yield* start(key, authToken, command, onStatus))
      return {
        outcome: awaitOutcome(record, command, onStatus),
        cancel: record.fiber === null ? Effect.void : Fiber.interrupt(record.fiber),
      }
    }),
  })
})

/** Runs commands of the websocket and of HTTP, so that an idempotency key means the same in both. */
export class CommandService extends Context.Service<
  CommandService,
  {
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
  }
>()("@blink-streams/server/CommandService") {
  static readonly layer: Layer.Layer<CommandService, never, AccountMonitors | MediaUrls> = Layer.effect(
    CommandService,
    makeCommandService,
  )
}
