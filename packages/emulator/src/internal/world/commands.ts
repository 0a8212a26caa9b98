import { addEvent, recordClip, takeThumbnail } from "./media.ts"
import { cameraKey, type Camera, type Command, type Network, type CommandStage, type World } from "./World.ts"

const firstCommandId = 3_140_000_101
const second = 1000

/** After this long the server forgets a command that nobody answers, and the hub takes others. */
const commandTimeout = 60 * second
/** A live view that nobody polls dies; `polling_interval` is 15 s. */
const liveviewPollTimeout = 35 * second
export const liveviewDuration = 300 * second
const liveviewFailsAfter = 33 * second

/** When each stage is reached, in ms after the order. The last one completes the command; with none it is done at once. */
type StageDelays = Partial<Record<CommandStage, number>>

const fastDelays: StageDelays = { cs_sent: 200, sm: 500, dev: 1500 }
const defaultDelays: StageDelays = { cs_sent: 200, sm: 1000, dev: 2000 }

const delaysByType: Record<string, StageDelays> = {
  arm: { sm: 2000 },
  disarm: { sm: 2000 },
  thumbnail: { cs_sent: 200, sm: 1000, dev: 2000, vs: 3000 },
  device_motion_enable: defaultDelays,
  device_motion_disable: defaultDelays,
  temp_calibrate: defaultDelays,
  status: { cs_sent: 200, sm: 1000, dev: 1500, is: 2000 },
  lv_relay: { cs_sent: 200, sm: 1000, dev: 3000, lv: 3000, vs: 5000 },
  local_storage_manifest: { cs_sent: 200, sm: 1000, vs: 3000 },
  local_storage_clip: { cs_sent: 200, sm: 1000, vs: 4000 },
}

const stageOrder = ["rest", "cs_sent", "sm", "dev", "is", "lv", "vs"] as const

/** A clip takes its own length and 5 s more. A battery camera's settings are the server's; others must be told. */
const stageDelays = ({
  type,
  camera,
  seconds = 10,
}: CommandPlan): ReadonlyArray<readonly [CommandStage, number]> => {
  const timing =
    type === "clip"
      ? { cs_sent: 200, sm: 1000, dev: 2000, vs: (seconds + 5) * second }
      : type === "config_set" && camera?.kind === "camera"
        ? {}
        : (delaysByType[type] ?? fastDelays)
  return stageOrder.flatMap((stage) => {
    const after = timing[stage]
    return after === undefined ? [] : [[stage, after] as const]
  })
}

export interface CommandPlan {
  readonly type: string
  readonly network: Network
  readonly camera?: Camera | undefined
  /** Whether `target` and `target_id` name the camera; live views and clips leave them null. */
  readonly targetsCamera?: boolean
  /** The client's own name, as the answer repeats it. */
  readonly requestedBy: string
  /** Length of the clip to record. */
  readonly seconds?: number
  readonly children?: ReadonlyArray<Camera>
  /** What comes true when the command is done. */
  readonly onComplete?: (at: number, command: Command) => void
}

const queueKey = (network: Network, camera: Camera | undefined): string =>
  network.syncModule === null && camera !== undefined
    ? cameraKey(camera.kind, camera.id)
    : `network:${network.id}`

/** Whether the hub, or the device itself where there is none, is still at an earlier command. */
export const isBusy = (world: World, network: Network, camera: Camera | undefined, now: number): boolean => {
  const running = world.commandQueues.get(queueKey(network, camera))
  return (
    (running !== undefined && !isFinished(running, now)) ||
    (camera !== undefined && camera.recordingUntil > now)
  )
}

/** The hub must be there, and the camera must hear, or the command stays where it is. */
const reachability = (network: Network, camera: Camera | undefined): "none" | "hub" | "all" =>
  network.syncModule?.online === false
    ? "none"
    : camera !== undefined && (camera.unresponsive || !camera.online)
      ? "hub"
      : "all"

type CommandFields = Pick<
  Command,
  "type" | "network" | "camera" | "targetsCamera" | "stages" | "doneAt" | "requestedBy"
> &
  Partial<Pick<Command, "failure" | "parent">>

const newCommand = (world: World, now: number, fields: CommandFields): Command => {
  const command: Command = {
    failure: null,
    parent: null,
    ...fields,
    id: firstCommandId + world.counters.command++,
    createdAt: now,
    children: [],
    endedAt: null,
    lastPolledAt: now,
    mediaId: null,
    sequence: 1000 + (world.counters.command % 60_000),
  }
  world.commands.set(command.id, command)
  return command
}

export const createCommand = (world: World, now: number, plan: CommandPlan): Command => {
  const { network, camera, onComplete } = plan
  const reached = reachability(network, camera)
  const stages = stageDelays(plan)
    .filter(([stage]) => reached === "all" || (reached === "hub" && (stage === "cs_sent" || stage === "sm")))
    .map(([stage, after]) => ({ stage, at: now + after }))
  const live = plan.type === "lv_relay"
  const fails = live && reached !== "all"
  const completes = !live && reached === "all"
  const command = newCommand(world, now, {
    type: plan.type,
    network,
    camera: camera ?? null,
    targetsCamera: plan.targetsCamera ?? camera !== undefined,
    stages,
    doneAt: fails ? now + liveviewFailsAfter : completes ? (stages.at(-1)?.at ?? now) : null,
    failure: fails ? { code: 523, message: "Live view failed" } : null,
    requestedBy: plan.requestedBy,
  })
  world.commandQueues.set(queueKey(network, camera), command)
  for (const child of plan.children ?? []) {
    const done = now + 2000
    command.children.push(
      newCommand(world, now, {
        type: "config_lfr",
        network,
        camera: child,
        targetsCamera: true,
        stages: reached === "none" ? [] : [{ stage: "dev", at: done }],
        doneAt: reached === "none" ? null : done,
        parent: command.id,
        requestedBy: plan.requestedBy,
      }),
    )
  }
  if (onComplete !== undefined && completes && command.doneAt !== null) {
    if (command.doneAt <= now) onComplete(now, command)
    else world.scheduler.add(command.doneAt, (at) => onComplete(at, command))
  }
  return command
}

/** The instant a command ended, or null while it runs. A live view ends by `done`, by silence or by its length. */
export const endedAt = (command: Command, now: number): number | null => {
  if (command.doneAt !== null) return command.doneAt <= now ? command.doneAt : null
  if (command.type !== "lv_relay") return null
  const end = Math.min(
    command.endedAt ?? Number.POSITIVE_INFINITY,
    command.lastPolledAt + liveviewPollTimeout,
    command.createdAt + liveviewDuration,
  )
  return end <= now ? end : null
}

export const isFinished = (command: Command, now: number): boolean =>
  endedAt(command, now) !== null || (command.type !== "lv_relay" && command.createdAt + commandTimeout <= now)

/** The network's own switch, as a command, an app, a program or a scenario throws it. */
export const setArmed = (network: Network, at: number, armed: boolean, commandId: number | null): void => {
  network.armed = armed
  network.updatedAt = at
  addEvent(network, at, { type: armed ? "armed" : "disarmed", notified: false, commandId, camera: null })
}

/** Arms or disarms by way of the hub; with no camera's motion switched on there is nothing to tell the hub. */
export const createArmCommand = (
  world: World,
  now: number,
  network: Network,
  armed: boolean,
  requestedBy: string,
): Command | null => {
  const enabled = network.cameras.filter((camera) => camera.enabled)
  if (enabled.length === 0) {
    setArmed(network, now, armed, null)
    return null
  }
  return createCommand(world, now, {
    type: armed ? "arm" : "disarm",
    network,
    requestedBy,
    children: enabled,
    onComplete: (at, command) => setArmed(network, at, armed, command.id),
  })
}

export const createThumbnailCommand = (
  world: World,
  now: number,
  camera: Camera,
  requestedBy: string,
): Command =>
  createCommand(world, now, {
    type: "thumbnail",
    network: camera.network,
    camera,
    requestedBy,
    onComplete: (at) =>
      world.scheduler.add(at + world.settings.thumbnailDelayMs, (later) => {
        takeThumbnail(camera, later)
        camera.updatedAt = later
      }),
  })

export const createClipCommand = (
  world: World,
  now: number,
  camera: Camera,
  seconds: number,
  requestedBy: string,
): Command => {
  const command = createCommand(world, now, {
    type: "clip",
    network: camera.network,
    camera,
    targetsCamera: false,
    requestedBy,
    seconds,
  })
  const { doneAt } = command
  const recordingStartsAt = command.stages.find(({ stage }) => stage === "dev")?.at
  if (doneAt === null || recordingStartsAt === undefined) return command
  world.scheduler.add(recordingStartsAt, (at) => {
    const item = recordClip(world, at, { camera, source: "liveview", seconds, publishAfterMs: doneAt - at })
    command.mediaId = item.id
  })
  return command
}

export const createEnableCommand = (
  world: World,
  now: number,
  camera: Camera,
  enabled: boolean,
  requestedBy: string,
): Command =>
  createCommand(world, now, {
    type: enabled ? "device_motion_enable" : "device_motion_disable",
    network: camera.network,
    camera,
    requestedBy,
    onComplete: (at) => {
      camera.enabled = enabled
      camera.updatedAt = at
    },
  })
