import { addEvent, recordClip, takeThumbnail } from "./media.ts"
import { cameraKey, type Camera, type Command, type Network, type CommandStage, type World } from "./World.ts"

const firstCommandId = 3_140_000_101
const second = 1000

/** Time after which the sync module accepts another command although the last one has not completed. */
const commandTimeout = 60 * second
/** A live view ends this long after its last poll. `polling_interval` is 15 s. */
const liveviewPollTimeout = 35 * second
export const liveviewDuration = 300 * second
const liveviewFailsAfter = 33 * second

/** Delay of each stage in ms after the creation. The last stage completes the command; without stages it completes at once. */
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

/** A clip takes its length and 5 s. Settings of battery cameras are stored by the cloud, so they need no stage. */
const stageDelays = ({
  type,
  camera,
  seconds = 10,
}: CommandPlan): ReadonlyArray<readonly [CommandStage, number]> => {
  const delays =
    type === "clip"
      ? { cs_sent: 200, sm: 1000, dev: 2000, vs: (seconds + 5) * second }
      : type === "config_set" && camera?.kind === "camera"
        ? {}
        : (delaysByType[type] ?? fastDelays)
  return stageOrder.flatMap((stage) => {
    const after = delays[stage]
    return after === undefined ? [] : [[stage, after] as const]
  })
}

export interface CommandPlan {
  readonly type: string
  readonly network: Network
  readonly camera?: Camera | undefined
  /** Sets `target` and `target_id` to the camera. False for live views and clips. Default: true when there is a camera. */
  readonly targetsCamera?: boolean
  /** Label of the client, as `by_whom` shows it. */
  readonly requestedBy: string
  /** Length of the clip to record. Default: 10. */
  readonly seconds?: number
  readonly children?: ReadonlyArray<Camera>
  /** Runs when the command completes, not when it fails. */
  readonly onComplete?: (at: number, command: Command) => void
}

const queueKey = (network: Network, camera: Camera | undefined): string =>
  network.syncModule === null && camera !== undefined
    ? cameraKey(camera.kind, camera.id)
    : `network:${network.id}`

/** Returns true while the sync module, or the device if there is none, runs a command, or while the camera records. */
export const isBusy = (world: World, network: Network, camera: Camera | undefined, now: number): boolean => {
  const running = world.commandQueues.get(queueKey(network, camera))
  return (
    (running !== undefined && !isFinished(running, now)) ||
    (camera !== undefined && camera.recordingUntil > now)
  )
}

/** Farthest device that a command reaches. A command that does not reach its device stays in its stage. */
const reachability = (network: Network, camera: Camera | undefined): "none" | "sync_module" | "all" =>
  network.syncModule?.online === false
    ? "none"
    : camera !== undefined && (camera.unresponsive || !camera.online)
      ? "sync_module"
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
    .filter(
      ([stage]) =>
        reached === "all" || (reached === "sync_module" && (stage === "cs_sent" || stage === "sm")),
    )
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

/** Time at which a command ended, or null while it runs. A live view ends by `done`, without polls, or after 300 s. */
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

/** Arms or disarms the network and adds the row to the legacy event list. */
export const setArmed = (network: Network, at: number, armed: boolean, commandId: number | null): void => {
  network.armed = armed
  network.updatedAt = at
  addEvent(network, at, { type: armed ? "armed" : "disarmed", notified: false, commandId, camera: null })
}

/** Creates the command, or arms at once and returns null when no camera has motion detection enabled. */
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
