import { type AccountMonitor, Command } from "@blink-streams/events"
import type { AccountId, AccountState } from "@blink-streams/model"
import type { CommandMessage, ErrorCode } from "@blink-streams/protocol"
import { Effect, Exit, Result, Schema, SubscriptionRef } from "effect"
import { type Permissions, mayCommand, visibleState } from "../../Permissions.ts"

type MonitorService = AccountMonitor["Service"]
/** A command as clients send it, without the envelope of the message. */
export type CommandInput = Omit<CommandMessage, "type" | "id">

/** Error of a command that was not sent. */
export interface CommandRejection {
  readonly code: ErrorCode
  readonly message: string
  readonly details?: Schema.Json
}

/** A command and the account monitor that runs it. `null` polls the whole account (`refresh` without a camera). */
export interface ResolvedCommand {
  readonly monitor: MonitorService
  readonly command: Command | null
}

const reject = (code: ErrorCode, message: string, details?: Schema.Json) =>
  Result.fail<CommandRejection>({ code, message, ...(details === undefined ? {} : { details }) })

const decodeCommand = Schema.decodeUnknownExit(Command)
const commandNames: ReadonlySet<string> = new Set(Object.keys(Command.cases))

const findCamera = (state: AccountState, { camera, kind }: NonNullable<CommandMessage["target"]>) => {
  const matches = state.cameras.filter(
    (candidate) => candidate.id === camera && (kind === undefined || candidate.kind === kind),
  )
  return matches.length === 1 ? matches[0] : undefined
}

/**
 * Returns the only monitor that matches the target, or `undefined`. With a single account the target may be empty.
 */
const findMonitor = (
  monitors: ReadonlyMap<AccountId, MonitorService>,
  states: ReadonlyMap<AccountId, AccountState>,
  target: NonNullable<CommandMessage["target"]>,
) => {
  const matches = [...monitors.values()].filter((monitor) => {
    const state = states.get(monitor.account)
    return (
      state !== undefined &&
      (target.account === undefined || target.account === monitor.account) &&
      (target.network === undefined || state.networks.some(({ id }) => id === target.network)) &&
      (target.camera === undefined || findCamera(state, target) !== undefined)
    )
  })
  return matches.length === 1 ? matches[0] : undefined
}

/**
 * Finds the monitor of the target, checks permissions and `expect`, and decodes the command. A target that the
 * token may not see fails with `not_found`, as if it did not exist.
 */
export const resolveCommand = (
  monitors: ReadonlyMap<AccountId, MonitorService>,
  permissions: Permissions,
  { name, target = {}, args, expect }: CommandInput,
) =>
  Effect.gen(function* () {
    if (name !== "refresh" && !commandNames.has(name))
      return reject("unsupported", `unknown command "${name}"`, {
        commands: [...commandNames],
      })
    const states = new Map<AccountId, AccountState>()
    for (const monitor of monitors.values()) {
      const state = visibleState(permissions, yield* SubscriptionRef.get(monitor.state))
      if (state !== null) states.set(monitor.account, state)
    }
    const monitor = findMonitor(monitors, states, target)
    const state = monitor && states.get(monitor.account)
    if (monitor === undefined || state === undefined)
      return reject("not_found", "the target matches no network or camera, or more than one")

    const camera = target.camera === undefined ? undefined : findCamera(state, target)
    const network = target.network ?? camera?.networkId
    const allowed = mayCommand(permissions, {
      account: monitor.account,
      ...(network === undefined ? {} : { network }),
      ...(camera === undefined ? {} : { camera }),
    })
    if (!allowed) return reject("not_found", "the target matches no network or camera, or more than one")

    if (expect?.armed !== undefined) {
      const arm = state.networks.find(({ id }) => id === network)?.arm.state ?? "unknown"
      if (arm !== (expect.armed ? "armed" : "disarmed"))
        return reject("expectation_failed", `the network is ${arm}; nothing was sent`, { arm })
    }
    if (name === "refresh" && camera === undefined)
      return Result.succeed<ResolvedCommand>({ monitor, command: null })

    const decoded = decodeCommand({
      name,
      network,
      ...(camera === undefined ? {} : { camera: camera.id, kind: camera.kind }),
      ...(args === undefined ? {} : { args }),
    })
    return Exit.isSuccess(decoded)
      ? Result.succeed<ResolvedCommand>({ monitor, command: decoded.value })
      : reject("invalid_target", `the target or arguments do not fit "${name}"`)
  })
