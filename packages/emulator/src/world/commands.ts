import { addEvent, recordClip, takeStill } from "./media.ts"
import { cameraKey, type Camera, type Command, type Network, type Stage, type World } from "./World.ts"

const firstCommandId = 3_140_000_101
const second = 1000

/** After this long the server forgets a command that nobody answers, and the hub takes others. */
const forgottenAfter = 60 * second
/** A live view that nobody polls dies; `polling_interval` is 15 s. */
const silenceAllowed = 35 * second
export const liveviewDuration = 300 * second
const liveviewGivesUpAfter = 33 * second

/** When each stage is reached, in ms after the order. The last one completes the command; with none it is done at once. */
type Timing = Partial<Record<Stage, number>>

const quick: Timing = { cs_sent: 200, sm: 500, dev: 1500 }
const usual: Timing = { cs_sent: 200, sm: 1000, dev: 2000 }

const timings: Record<string, Timing> = {
  arm: { sm: 2000 },
  disarm: { sm: 2000 },
  thumbnail: { cs_sent: 200, sm: 1000, dev: 2000, vs: 3000 },
  device_motion_enable: usual,
  device_motion_disable: usual,
  temp_calibrate: usual,
  status: { cs_sent: 200, sm: 1000, dev: 1500, is: 2000 },
  lv_relay: { cs_sent: 200, sm: 1000, dev: 3000, lv: 3000, vs: 5000 },
  local_storage_manifest: { cs_sent: 200, sm: 1000, vs: 3000 },
  local_storage_clip: { cs_sent: 200, sm: 1000, vs: 4000 },
}

const stageOrder = ["rest", "cs_sent", "sm", "dev", "is", "lv", "vs"] as const

/** A clip takes its own length and 5 s more. A battery camera's settings are the server's; others must be told. */
const timingOf = ({ word, camera, seconds = 10 }: Order): ReadonlyArray<readonly [Stage, number]> => {
  const timing =
    word === "clip"
      ? { cs_sent: 200, sm: 1000, dev: 2000, vs: (seconds + 5) * second }
      : word === "config_set" && camera?.kind === "camera"
        ? {}
        : (timings[word] ?? quick)
  return stageOrder.flatMap((stage) => {
    const after = timing[stage]
    return after === undefined ? [] : [[stage, after] as const]
  })
}

export interface Order {
  readonly word: string
  readonly network: Network
  readonly camera?: Camera | undefined
  /** Whether `target` and `target_id` name the camera; live views and clips leave them null. */
  readonly targetsCamera?: boolean
  /** The client's own name, as the answer repeats it. */
  readonly by: string
  /** Length of the clip to record. */
  readonly seconds?: number
  readonly children?: ReadonlyArray<Camera>
  /** What comes true when the command is done. */
  readonly effect?: (at: number, command: Command) => void
}

const laneOf = (network: Network, camera: Camera | undefined): string =>
  network.syncModule === null && camera !== undefined
    ? cameraKey(camera.kind, camera.id)
    : `network:${network.id}`

/** Whether the hub, or the device itself where there is none, is still at an earlier command. */
export const isBusy = (world: World, network: Network, camera: Camera | undefined, now: number): boolean => {
  const running = world.lanes.get(laneOf(network, camera))
  return (
    (running !== undefined && !isOver(running, now)) || (camera !== undefined && camera.recordingUntil > now)
  )
}

/** The hub must be there, and the camera must hear, or the command stays where it is. */
const reach = (network: Network, camera: Camera | undefined): "none" | "hub" | "all" =>
  network.syncModule?.online === false
    ? "none"
    : camera !== undefined && (camera.deaf || !camera.online)
      ? "hub"
      : "all"

type Known = Pick<Command, "word" | "network" | "camera" | "targetsCamera" | "stages" | "doneAt" | "by"> &
  Partial<Pick<Command, "failure" | "parent">>

const newCommand = (world: World, now: number, known: Known): Command => {
  const command: Command = {
    failure: null,
    parent: null,
    ...known,
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

export const giveCommand = (world: World, now: number, order: Order): Command => {
  const { network, camera, effect } = order
  const reached = reach(network, camera)
  const stages = timingOf(order)
    .filter(([stage]) => reached === "all" || (reached === "hub" && (stage === "cs_sent" || stage === "sm")))
    .map(([stage, after]) => ({ stage, at: now + after }))
  const live = order.word === "lv_relay"
  const fails = live && reached !== "all"
  const completes = !live && reached === "all"
  const command = newCommand(world, now, {
    word: order.word,
    network,
    camera: camera ?? null,
    targetsCamera: order.targetsCamera ?? camera !== undefined,
    stages,
    doneAt: fails ? now + liveviewGivesUpAfter : completes ? (stages.at(-1)?.at ?? now) : null,
    failure: fails ? { code: 523, message: "Live view failed" } : null,
    by: order.by,
  })
  world.lanes.set(laneOf(network, camera), command)
  for (const child of order.children ?? []) {
    const done = now + 2000
    command.children.push(
      newCommand(world, now, {
        word: "config_lfr",
        network,
        camera: child,
        targetsCamera: true,
        stages: reached === "none" ? [] : [{ stage: "dev", at: done }],
        doneAt: reached === "none" ? null : done,
        parent: command.id,
        by: order.by,
      }),
    )
  }
  if (effect !== undefined && completes && command.doneAt !== null) {
    if (command.doneAt <= now) effect(now, command)
    else world.agenda.add(command.doneAt, (at) => effect(at, command))
  }
  return command
}

/** The instant a command ended, or null while it runs. A live view ends by `done`, by silence or by its length. */
export const endOf = (command: Command, now: number): number | null => {
  if (command.doneAt !== null) return command.doneAt <= now ? command.doneAt : null
  if (command.word !== "lv_relay") return null
  const end = Math.min(
    command.endedAt ?? Number.POSITIVE_INFINITY,
    command.lastPolledAt + silenceAllowed,
    command.createdAt + liveviewDuration,
  )
  return end <= now ? end : null
}

export const isOver = (command: Command, now: number): boolean =>
  endOf(command, now) !== null || (command.word !== "lv_relay" && command.createdAt + forgottenAfter <= now)

/** The network's own switch, as a command, an app, a program or a scenario throws it. */
export const setArmed = (network: Network, at: number, armed: boolean, commandId: number | null): void => {
  network.armed = armed
  network.updatedAt = at
  addEvent(network, at, { type: armed ? "armed" : "disarmed", notified: false, commandId, camera: null })
}

/** Arms or disarms by way of the hub; with no camera's motion switched on there is nothing to tell the hub. */
export const orderArm = (
  world: World,
  now: number,
  network: Network,
  armed: boolean,
  by: string,
): Command | null => {
  const enabled = network.cameras.filter((camera) => camera.enabled)
  if (enabled.length === 0) {
    setArmed(network, now, armed, null)
    return null
  }
  return giveCommand(world, now, {
    word: armed ? "arm" : "disarm",
    network,
    by,
    children: enabled,
    effect: (at, command) => setArmed(network, at, armed, command.id),
  })
}

export const orderStill = (world: World, now: number, camera: Camera, by: string): Command =>
  giveCommand(world, now, {
    word: "thumbnail",
    network: camera.network,
    camera,
    by,
    effect: (at) =>
      world.agenda.add(at + world.settings.stillDelayMs, (later) => {
        takeStill(camera, later)
        camera.updatedAt = later
      }),
  })

export const orderClip = (
  world: World,
  now: number,
  camera: Camera,
  seconds: number,
  by: string,
): Command => {
  const command = giveCommand(world, now, {
    word: "clip",
    network: camera.network,
    camera,
    targetsCamera: false,
    by,
    seconds,
  })
  const { doneAt } = command
  const wakes = command.stages.find(({ stage }) => stage === "dev")?.at
  if (doneAt === null || wakes === undefined) return command
  world.agenda.add(wakes, (at) => {
    const item = recordClip(world, at, { camera, source: "liveview", seconds, publishAfterMs: doneAt - at })
    command.mediaId = item.id
  })
  return command
}

export const orderEnabled = (
  world: World,
  now: number,
  camera: Camera,
  enabled: boolean,
  by: string,
): Command =>
  giveCommand(world, now, {
    word: enabled ? "device_motion_enable" : "device_motion_disable",
    network: camera.network,
    camera,
    by,
    effect: (at) => {
      camera.enabled = enabled
      camera.updatedAt = at
    },
  })
