import type { BlinkError, Command } from "@blink-streams/core"
import {
  type AccountState,
  type ArmState,
  type BlinkEvent,
  EventId,
  type NetworkId,
  type Timestamp,
  timestampFromMillis,
} from "@blink-streams/model"
import { Clock, Context, Effect, Layer } from "effect"
import { armChanged } from "../derive/diff.ts"
import type { DiffState } from "../derive/DiffState.ts"
import { EventWriter, type PollResult } from "../account/EventWriter.ts"
import { type CommandStatus, impliedArmState, isArmCommand } from "./impliedArmState.ts"
import { PendingArmCommands, pendingArmKey } from "./PendingArmCommands.ts"

/** A status of a command, as it is written to the log. */
export interface RecordedStatus {
  readonly command: Command
  readonly commandId: string
  readonly status: CommandStatus
  /** True once the cloud has accepted the command. A busy sync module may never do so. */
  readonly accepted: boolean
  /** True when nothing was sent because the state was there already. The next poll finds what has caused it. */
  readonly unchanged: boolean
  readonly error?: BlinkError
}

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

const progressEvent = (
  { command, commandId, status, error }: RecordedStatus,
  state: AccountState,
  observedAt: Timestamp,
): BlinkEvent => ({
  kind: "command.progress",
  id: EventId.make(`command.progress:${commandId}:${status}`),
  occurredAt: observedAt,
  observedAt,
  source: "command",
  subject: { account: state.account, ...subjectOf(command, state) },
  data: { commandId, name: command.name, status, ...(error === undefined ? {} : { error: error.hint }) },
})

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

/** Derives the change of arming that a command has caused. */
const armResult = (
  diffState: DiffState,
  subject: Parameters<typeof armChanged>[1],
  arm: ArmState,
  by: Parameters<typeof armChanged>[3],
) => {
  const change = armChanged(diffState, subject, arm, by)
  return {
    events: change.events,
    diffState: change.diffState,
    patch: withArm(change.diffState, subject.observedAt),
  }
}

/** A command continues even when the log cannot record it. Returns true when it was recorded. */
const tryWrite = <E extends Error>(write: Effect.Effect<void, E>): Effect.Effect<boolean> =>
  write.pipe(
    Effect.as(true),
    Effect.catch((error) => Effect.as(Effect.logError(error.message), false)),
    Effect.catchDefect((cause) =>
      Effect.as(Effect.logError("the status of a command could not be recorded", cause), false),
    ),
  )

const makeCommandRecorder = Effect.gen(function* () {
  const writer = yield* EventWriter
  const pendingArmCommands = yield* PendingArmCommands
  /**
   * The arm command of each network that finished last. A caller that joined it late, or waits for a slow disk, passes
   * through its statuses when they no longer apply.
   */
  const ended = new Map<NetworkId, string>()

  const statusResult = (recorded: RecordedStatus, diffState: DiffState, state: AccountState, now: number) => {
    const { command, commandId, status } = recorded
    const observedAt = timestampFromMillis(now)
    const progress = progressEvent(recorded, state, observedAt)
    if (!isArmCommand(command) || ended.get(command.network) === commandId) return { events: [progress] }
    const metadata = [{ key: pendingArmKey(command.network), value: status !== "done" }]
    const onCommitted = () => {
      if (status === "done" || status === "failed") ended.set(command.network, commandId)
    }
    const arm = recorded.unchanged ? null : impliedArmState(command.name, status, recorded.accepted)
    if (arm === null) return { events: [progress], metadata, onCommitted }
    const subject = { account: state.account, network: command.network, observedAt }
    const change = armResult(diffState, subject, arm, "command")
    return { ...change, events: [progress, ...change.events], metadata, onCommitted }
  }

  const unknownOutcomeResult = (
    { network }: Command,
    since: Timestamp,
    diffState: DiffState,
    state: AccountState,
    now: number,
  ): PollResult => {
    const asOf = state.networks.find(({ id }) => id === network)?.arm.asOf ?? null
    const isObserved = asOf !== null && asOf >= since
    // Another running command determines the state.
    if (isObserved || pendingArmCommands.heldSince(pendingArmCommands.mark()).has(network)) return {}
    const subject = { account: state.account, network, observedAt: timestampFromMillis(now) }
    return armResult(diffState, subject, "unknown", "unknown")
  }

  return {
    status: (recorded: RecordedStatus) =>
      tryWrite(
        writer.write((diffState, state) =>
          Effect.map(Clock.currentTimeMillis, (now) => statusResult(recorded, diffState, state, now)),
        ),
      ),
    unknownOutcome: (command: Command, since: Timestamp) =>
      tryWrite(
        writer.write((diffState, state) =>
          Effect.map(Clock.currentTimeMillis, (now) =>
            unknownOutcomeResult(command, since, diffState, state, now),
          ),
        ),
      ),
  }
})

/** Writes the statuses of commands, and the changes of arming that they imply, to the log. */
export class CommandRecorder extends Context.Service<
  CommandRecorder,
  {
    /** Records a status. Returns true when it was recorded. */
    status(recorded: RecordedStatus): Effect.Effect<boolean>
    /**
     * Records that a command without an outcome may still take effect: the state is unknown until a poll after `since`
     * shows it. Returns true when it was recorded.
     */
    unknownOutcome(command: Command, since: Timestamp): Effect.Effect<boolean>
  }
>()("@blink-streams/events/CommandRecorder") {
  static readonly layer: Layer.Layer<CommandRecorder, never, EventWriter | PendingArmCommands> = Layer.effect(
    CommandRecorder,
    makeCommandRecorder,
  )
}
