import {
  type BlinkError,
  blinkError,
  type Command,
  type CommandProgress,
  type Commands,
  OutcomeUnknown,
} from "@blink-streams/core"
import {
  type AccountId,
  type AccountState,
  type ArmState,
  type BlinkEvent,
  EventId,
  type EventOf,
  type NetworkId,
  type Timestamp,
  timestampFromMillis,
} from "@blink-streams/model"
import { Cause, Clock, Effect, Exit, Option, Queue, type Scope, Stream } from "effect"
import { armChanged } from "../derive/diff.ts"
import type { EventLogContract } from "../../EventLogContract.ts"
import type { DiffState } from "../derive/DiffState.ts"
import type { LogError } from "../../LogError.ts"
import type { PendingArmCommands } from "./pendingArmCommands.ts"
import type { EventWriter } from "../log/eventWriter.ts"

const transitionalState = { arm: "arming", disarm: "disarming" } as const
const finalState = { arm: "armed", disarm: "disarmed" } as const
const isArmCommand = (name: Command["name"]): name is keyof typeof finalState => name in finalState

/** Time in which a command with an unknown outcome may still be the cause of a change of arming. */
const uncertaintyWindow = 15 * 60_000

/** Metadata key that is true while an arm or disarm command of the network is not known to be done. */
const pendingArmKey = (network: NetworkId): string => `arm-pending:${network}`

/** Restores after a start which networks have a command of the previous run that may still take effect. */
export const restoreUncertain = Effect.fnUntraced(function* (
  log: EventLogContract,
  account: AccountId,
  networks: ReadonlyArray<NetworkId>,
  pendingArmCommands: PendingArmCommands,
) {
  const pending = yield* log.getMetadata(account, networks.map(pendingArmKey))
  const until = (yield* Clock.currentTimeMillis) + uncertaintyWindow
  for (const network of networks)
    if (pending.get(pendingArmKey(network)) === true) pendingArmCommands.markUncertain(network, until)
})

type Status = EventOf<"command.progress">["data"]["status"]

const subjectOf = (command: Command, state: AccountState) => {
  if (!("camera" in command)) {
    const network = state.networks.find(({ id }) => id === command.network)
    return { network: command.network, ...(network === undefined ? {} : { name: network.name }) }
  }
  const camera = state.cameras.find(({ id, kind }) => id === command.camera && kind === command.kind)
  return {
    network: command.network,
    camera: command.camera,
    kind: command.kind,
    ...(camera === undefined ? {} : { name: camera.name }),
  }
}

const withArm =
  (diffState: DiffState, asOf: Timestamp) =>
  (state: AccountState): AccountState => ({
    ...state,
    networks: state.networks.map((network) => {
      const arm = diffState.networks.find(({ id }) => id === network.id)?.arm
      return arm === undefined || arm === network.arm.state
        ? network
        : Object.assign({}, network, { arm: { state: arm, asOf } })
    }),
  })

/** A command continues even when the log cannot record it. Returns true when it was recorded. */
const tryWrite = (effect: Effect.Effect<void, LogError>): Effect.Effect<boolean> =>
  effect.pipe(
    Effect.as(true),
    Effect.catch((error) => Effect.as(Effect.logError(error.message), false)),
    Effect.catchDefect((cause) =>
      Effect.as(Effect.logError("the status of a command could not be recorded", cause), false),
    ),
  )

/** Runs commands in `scope`, records each status, and keeps polls from contradicting a running command. */
export const makeCommandRunner = (options: {
  readonly commands: Commands["Service"]
  readonly writer: EventWriter
  readonly pendingArmCommands: PendingArmCommands
  readonly scope: Scope.Scope
  /** Polls what the command has changed. */
  readonly pollAfter: (command: Command) => Effect.Effect<void>
}) => {
  const { commands, writer, pendingArmCommands } = options
  /**
   * The arm command of each network that finished last. A caller that joined it late, or waits for a slow disk, passes
   * through its statuses when they no longer apply.
   */
  const ended = new Map<NetworkId, string>()

  const writeStatus = (
    command: Command,
    commandId: string,
    status: Status,
    /** Arm state that the status implies; `null` for none. */
    arm: ArmState | null,
    error?: BlinkError,
  ): Effect.Effect<void, LogError> =>
    writer.write((diffState, state) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        const observedAt = timestampFromMillis(now)
        const { account } = state
        const progress: BlinkEvent = {
          kind: "command.progress",
          id: EventId.make(`command.progress:${commandId}:${status}`),
          occurredAt: observedAt,
          observedAt,
          source: "command",
          subject: { account, ...subjectOf(command, state) },
          data: {
            commandId,
            name: command.name,
            status,
            ...(error === undefined ? {} : { error: error.hint }),
          },
        }
        if (!isArmCommand(command.name) || ended.get(command.network) === commandId)
          return { events: [progress] }
        const metadata = [{ key: pendingArmKey(command.network), value: status !== "done" }]
        const onCommitted = () => {
          if (status === "done" || status === "failed") ended.set(command.network, commandId)
        }
        if (arm === null) return { events: [progress], metadata, onCommitted }
        const change = armChanged(
          diffState,
          { account, network: command.network, observedAt },
          arm,
          "command",
        )
        return {
          events: [progress, ...change.events],
          diffState: change.diffState,
          metadata,
          patch: withArm(change.diffState, observedAt),
          onCommitted,
        }
      }),
    )

  /** A command without an outcome may still take effect: the state is unknown until a poll after `since` shows it. */
  const recordUnknownOutcome = (command: Command, since: Timestamp): Effect.Effect<void, LogError> =>
    writer.write((diffState, state) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        const asOf = state.networks.find(({ id }) => id === command.network)?.arm.asOf ?? null
        const isObserved = asOf !== null && asOf >= since
        // Another running command determines the state.
        if (isObserved || pendingArmCommands.heldSince(pendingArmCommands.mark()).has(command.network))
          return {}
        const subject = {
          account: state.account,
          network: command.network,
          observedAt: timestampFromMillis(now),
        }
        const change = armChanged(diffState, subject, "unknown", "unknown")
        return {
          events: change.events,
          diffState: change.diffState,
          patch: withArm(change.diffState, subject.observedAt),
        }
      }),
    )

  const execute = Effect.fnUntraced(function* (
    command: Command,
    updates: Queue.Queue<CommandProgress, BlinkError | Cause.Done>,
  ) {
    const armCommand = isArmCommand(command.name) ? command.name : null
    let commandId: string | null = null
    /** The state changes only after acceptance: a busy sync module may never accept the command. */
    let isAccepted = false
    /** True when the log has its newest status. */
    let isWritten = false
    const armStateAt = (status: Status): ArmState | null => {
      if (armCommand === null) return null
      if (status === "done") return finalState[armCommand]
      return isAccepted ? transitionalState[armCommand] : null
    }
    if (armCommand !== null) pendingArmCommands.acquire(command.network)
    const exit = yield* commands.run(command).pipe(
      Stream.runForEach((update) => {
        commandId = update.commandId
        isAccepted ||= update.status === "accepted"
        return Effect.flatMap(
          tryWrite(writeStatus(command, update.commandId, update.status, armStateAt(update.status))),
          (written) => {
            isWritten = written
            return Queue.offer(updates, update)
          },
        )
      }),
      Effect.exit,
    )
    const error = Exit.isFailure(exit) ? Cause.findErrorOption(exit.cause) : Option.none()
    if (commandId !== null && Option.isSome(error))
      yield* tryWrite(writeStatus(command, commandId, "failed", null, error.value))
    if (armCommand !== null) pendingArmCommands.release(command.network)
    const now = yield* Clock.currentTimeMillis
    const isUncertain =
      armCommand !== null &&
      Exit.isFailure(exit) &&
      (isAccepted || (Option.isSome(error) && error.value.code === "OutcomeUnknown"))
    // A change that the log does not attribute to this process would pass for an external one.
    if (isUncertain || (armCommand !== null && Exit.isSuccess(exit) && !isWritten))
      pendingArmCommands.markUncertain(command.network, now + uncertaintyWindow)
    yield* options.pollAfter(command)
    if (isUncertain) yield* tryWrite(recordUnknownOutcome(command, timestampFromMillis(now)))
    yield* Exit.match(exit, {
      onSuccess: () => Queue.end(updates),
      onFailure: (cause) => Queue.failCause(updates, cause),
    })
  })

  return (command: Command): Stream.Stream<CommandProgress, BlinkError> =>
    Stream.unwrap(
      Effect.gen(function* () {
        const updates = yield* Queue.unbounded<CommandProgress, BlinkError | Cause.Done>()
        const fiber = yield* Effect.forkIn(execute(command, updates), options.scope)
        // The monitor may stop while a caller waits. A command that has finished has ended `updates` by itself.
        const detail = "the monitor of this account has stopped"
        fiber.addObserver(() =>
          Queue.failCauseUnsafe(
            updates,
            Cause.fail(blinkError(command.name, new OutcomeUnknown({ detail }))),
          ),
        )
        return Stream.fromQueue(updates)
      }),
    )
}
