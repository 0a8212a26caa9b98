import {
  type BlinkError,
  blinkError,
  type Command,
  type CommandProgress,
  Commands,
  OutcomeUnknown,
} from "@blink-streams/core"
import { timestampFromMillis } from "@blink-streams/model"
import { Cause, Clock, Effect, Exit, Option, Predicate, Queue, Stream } from "effect"
import { CommandRecorder } from "./CommandRecorder.ts"
import { isArmCommand } from "./impliedArmState.ts"
import { PendingArmCommands } from "./PendingArmCommands.ts"

type ArmCommand = Extract<Command, { readonly name: "arm" | "disarm" }>
type Updates = Queue.Queue<CommandProgress, BlinkError | Cause.Done>

/** End of a command, and whether the cloud had accepted it. */
interface CommandRun {
  readonly exit: Exit.Exit<void, BlinkError>
  readonly accepted: boolean
  /** True when the log has its newest status. */
  readonly recorded: boolean
}

/** True when an arm command has ended without being sent: a poll has shown its state already. */
const isUnchanged = ({ status, value }: CommandProgress): boolean =>
  status === "done" && Predicate.hasProperty(value, "changed") && value.changed === false

/** True when the command may still change the arm state. */
const isUncertain = ({ exit, accepted }: CommandRun): boolean => {
  if (Exit.isSuccess(exit)) return false
  const error = Cause.findErrorOption(exit.cause)
  return accepted || (Option.isSome(error) && error.value.code === "OutcomeUnknown")
}

/**
 * Makes the function that runs commands, in the scope of the monitor: it records each status, and keeps polls from
 * contradicting a running command. `pollAfter` polls what a command has changed.
 */
export const makeCommandRunner = Effect.fnUntraced(function* (
  pollAfter: (command: Command) => Effect.Effect<void>,
) {
  const commands = yield* Commands
  const recorder = yield* CommandRecorder
  const pendingArmCommands = yield* PendingArmCommands
  const scope = yield* Effect.scope

  /** Runs a command and records each status. */
  const runRecorded = Effect.fnUntraced(function* (command: Command, updates: Updates) {
    let commandId: string | null = null
    let accepted = false
    let recorded = false
    const exit = yield* commands.run(command).pipe(
      Stream.runForEach(
        Effect.fnUntraced(function* (update) {
          commandId = update.commandId
          accepted ||= update.status === "accepted"
          recorded = yield* recorder.status({
            command,
            commandId: update.commandId,
            status: update.status,
            accepted,
            unchanged: isArmCommand(command) && isUnchanged(update),
          })
          yield* Queue.offer(updates, update)
        }),
      ),
      Effect.exit,
    )
    const error = Exit.isFailure(exit) ? Cause.findErrorOption(exit.cause) : Option.none()
    if (commandId !== null && Option.isSome(error))
      yield* recorder.status({
        command,
        commandId,
        status: "failed",
        accepted,
        unchanged: false,
        error: error.value,
      })
    return { exit, accepted, recorded } satisfies CommandRun
  })

  /**
   * Runs an arm command. Its network is held meanwhile, and is uncertain afterwards when the outcome is unknown. While an
   * earlier command may still take effect, a poll that shows the state is no reason to leave this one out.
   */
  const runArmCommand = Effect.fnUntraced(function* (command: ArmCommand, updates: Updates) {
    const { network } = command
    const force = pendingArmCommands.isUncertain(network, yield* Clock.currentTimeMillis)
    pendingArmCommands.acquire(network)
    const run = yield* runRecorded(force ? { ...command, args: { force } } : command, updates)
    pendingArmCommands.release(network)
    const now = yield* Clock.currentTimeMillis
    const uncertain = isUncertain(run)
    // A change that the log does not attribute to this process would pass for an external one.
    if (uncertain || (Exit.isSuccess(run.exit) && !run.recorded))
      pendingArmCommands.markUncertain(network, now)
    yield* pollAfter(command)
    if (uncertain) yield* recorder.unknownOutcome(command, timestampFromMillis(now))
    return run.exit
  })

  const execute = Effect.fnUntraced(function* (command: Command, updates: Updates) {
    const exit = isArmCommand(command)
      ? yield* runArmCommand(command, updates)
      : (yield* Effect.tap(runRecorded(command, updates), pollAfter(command))).exit
    yield* Exit.match(exit, {
      onSuccess: () => Queue.end(updates),
      onFailure: (cause) => Queue.failCause(updates, cause),
    })
  })

  return (command: Command): Stream.Stream<CommandProgress, BlinkError> =>
    Stream.unwrap(
      Effect.gen(function* () {
        const updates = yield* Queue.unbounded<CommandProgress, BlinkError | Cause.Done>()
        const fiber = yield* Effect.forkIn(execute(command, updates), scope)
        // The monitor may stop while a caller waits. A command that has finished has ended `updates` by itself.
        const detail = "the monitor of this account has stopped"
        fiber.addObserver(() =>
          Queue.failCauseUnsafe(
            updates,
            Cause.fail(blinkError(command.name, new OutcomeUnknown({ detail }), "unknown")),
          ),
        )
        return Stream.fromQueue(updates)
      }),
    )
})
