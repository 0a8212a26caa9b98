import { seededText } from "../world/seed.ts"
import { endedAt, isFinished } from "../world/commands.ts"
import type { Command, CommandStage, World } from "../world/World.ts"
import { timestamp } from "./time.ts"

/** A command with the 33 keys of the legacy API document and the later ones. */
export const commandObject = (world: World, command: Command, now: number) => {
  const reached = command.stages.filter(({ at }) => at <= now)
  const when = (stage: CommandStage): string | null => {
    const at = reached.find((one) => one.stage === stage)?.at
    return at === undefined ? null : timestamp(at)
  }
  const end = endedAt(command, now)
  const acknowledged = when("sm") !== null || (command.parent !== null && when("dev") !== null)
  const camera = command.targetsCamera ? command.camera : null
  return {
    id: command.id,
    created_at: timestamp(command.createdAt),
    updated_at: timestamp(end ?? reached.at(-1)?.at ?? command.createdAt),
    execute_time: timestamp(command.createdAt),
    command: command.type,
    state_stage: reached.at(-1)?.stage ?? "rest",
    stage_rest: timestamp(command.createdAt),
    stage_cs_db: when("cs_sent"),
    stage_cs_sent: when("cs_sent"),
    stage_sm: when("sm"),
    stage_dev: when("dev"),
    stage_is: when("is"),
    stage_lv: when("lv"),
    stage_vs: when("vs"),
    state_condition:
      end !== null
        ? command.failure === null
          ? "done"
          : "error"
        : acknowledged
          ? "running"
          : reached.length > 0
            ? "running"
            : "new",
    sm_ack: acknowledged ? 1 : null,
    lfr_ack: command.camera !== null && when("dev") !== null ? 0 : null,
    // assigned by the sync module, so only commands that were sent to it have one; children share that of their parent
    sequence:
      command.camera === null || command.parent !== null || when("cs_sent") === null
        ? null
        : command.sequence,
    attempts: 0,
    transaction: seededText(world.seed, `command/${command.id}`, 16),
    player_transaction: seededText(world.seed, `command/${command.id}/player`, 16),
    server: when(command.type === "lv_relay" ? "sm" : "vs") === null ? null : "immis://127.0.0.1:443",
    duration: when("vs") !== null && command.type !== "lv_relay" ? 0 : null,
    by_whom: command.requestedBy,
    diagnostic: false,
    debug:
      end !== null && command.camera !== null && command.failure === null
        ? JSON.stringify({
            lfr_ok: [command.network.id, command.camera.unitNumber, command.sequence, 180, 140, 170, 140, 0],
          })
        : "",
    ...(command.camera === null
      ? {}
      : { opts_1: 0, target: camera === null ? null : "camera", target_id: camera?.id ?? null }),
    parent_command_id: command.parent,
    camera_id: command.camera?.id ?? null,
    siren_id: null,
    firmware_id: null,
    network_id: command.network.id,
    account_id: command.network.account.id,
    sync_module_id: command.network.syncModule?.id ?? null,
  }
}

/** Response to a command poll. `status_code` is 908 from the first poll on; only `complete` marks the end. */
export const commandStatus = (world: World, command: Command, now: number) => {
  const complete = endedAt(command, now) !== null
  const failure = complete ? command.failure : null
  return {
    complete,
    status: failure === null ? 0 : 1,
    status_msg: failure?.message ?? "Command succeeded",
    status_code: failure?.code ?? 908,
    commands: [command, ...command.children].map((one) => commandObject(world, one, now)),
    media_id: complete || command.type === "lv_relay" ? command.mediaId : null,
  }
}

/** A new command as the calls of owls and doorbells return it. */
export const shortCommand = (command: Command, now: number) => ({
  id: command.id,
  network_id: command.network.id,
  command: command.type,
  state: isFinished(command, now) ? "done" : "new",
})

export const armCommand = (command: Command) => ({
  id: command.id,
  network_id: command.network.id,
  command: command.type,
  state: "new",
  commands: command.children.map((child) => ({
    id: child.id,
    network_id: child.network.id,
    command: child.type,
    state: "running",
  })),
})
