import { seededFraction, seededHex, seededText, seededInt } from "./seed.ts"
import { type Account, type Camera, cameraKey, type CameraKind, type Network, type World } from "./World.ts"
import { addEvent, recordClip } from "./media.ts"

const day = 86_400_000

const firstId = { account: 7310001, user: 7410001, network: 5130001, syncModule: 6210001 }
const firstCameraId: Record<CameraKind, number> = { camera: 8800101, owl: 8900201, doorbell: 8950301 }

interface CameraPlan {
  readonly name: string
  readonly kind: CameraKind
  readonly type: string
}

interface NetworkPlan {
  readonly name: string
  readonly armed: boolean
  readonly hasSyncModule: boolean
  readonly cameras: ReadonlyArray<CameraPlan>
}

export interface AccountPlan {
  readonly email: string
  readonly password: string
  readonly pin: string
  readonly networks: ReadonlyArray<NetworkPlan>
  readonly clipsPerCamera: number
}

/** Account of every new world: one network with a sync module and five cameras, and one with a single mini. */
export const defaultAccount: AccountPlan = {
  email: "demo@example.com",
  password: "demo-password",
  pin: "123456",
  clipsPerCamera: 6,
  networks: [
    {
      name: "Home",
      armed: true,
      hasSyncModule: true,
      cameras: [
        { name: "Porch", kind: "camera", type: "sedona" },
        { name: "Garden", kind: "camera", type: "catalina" },
        { name: "Garage", kind: "camera", type: "xt2" },
        { name: "Living Room", kind: "owl", type: "owl" },
        { name: "Front Door", kind: "doorbell", type: "lotus" },
      ],
    },
    {
      name: "Cabin",
      armed: false,
      hasSyncModule: false,
      cameras: [{ name: "Cabin Hall", kind: "owl", type: "hawk" }],
    },
  ],
}

const products: ReadonlyArray<Omit<CameraPlan, "name">> = [
  { kind: "camera", type: "sedona" },
  { kind: "camera", type: "catalina" },
  { kind: "owl", type: "owl" },
  { kind: "doorbell", type: "lotus" },
]

const numberedCamera = (index: number): CameraPlan => {
  const { kind, type } = products[index % products.length] ?? { kind: "camera", type: "sedona" }
  return { name: `Camera ${index + 1}`, kind, type }
}

/** `networks` networks with a sync module each, and `cameras` cameras distributed among them, with distinct names. */
export const numberedNetworks = (networks: number, cameras: number): ReadonlyArray<NetworkPlan> =>
  Array.from({ length: networks }, (_, network) => ({
    name: `Home ${network + 1}`,
    armed: network % 2 === 0,
    hasSyncModule: true,
    cameras: Array.from({ length: cameras }, (_, index) => index)
      .filter((index) => index % networks === network)
      .map((index) => numberedCamera(index)),
  }))

const firmware: Record<string, string> = {
  sedona: "12.71",
  catalina: "10.76",
  xt2: "7.103",
  white: "2.151",
  owl: "10.16.34",
  hawk: "14.2.9",
  lotus: "12.71",
}

const addCamera = (world: World, network: Network, plan: CameraPlan): Camera => {
  const id = firstCameraId[plan.kind] + world.counters[plan.kind]++
  const label = `${plan.kind}/${id}`
  const camera: Camera = {
    id,
    kind: plan.kind,
    type: plan.type,
    network,
    serial: `G8${plan.type.slice(0, 1).toUpperCase()}1${seededHex(world.seed, `${label}/serial`, 12).toUpperCase()}`,
    color: plan.type === "xt2" || plan.type === "white" ? null : plan.kind === "owl" ? "white" : "black",
    unitNumber: network.cameras.length + 1,
    createdAt: network.createdAt + (network.cameras.length + 1) * 600_000,
    name: plan.name,
    enabled: true,
    online: true,
    battery: "ok",
    batteryBars: 3,
    temperature: seededInt(world.seed, `${label}/temperature`, 55, 74),
    wifiBars: seededInt(world.seed, `${label}/wifi`, 3, 5),
    lfrBars: seededInt(world.seed, `${label}/lfr`, 3, 5),
    firmware: firmware[plan.type] ?? "1.0",
    updatedAt: world.startedAt - seededInt(world.seed, `${label}/updated`, 60, 3600) * 1000,
    snoozedUntil: null,
    unresponsive: false,
    lightOn: false,
    temperatureAlert: false,
    settings: {},
    thumbnails: [],
    recordingUntil: 0,
    liveSeconds: 0,
    clipSeconds: 0,
  }
  camera.thumbnails.push({ takenAt: camera.updatedAt, cameraName: camera.name })
  world.cameras.set(cameraKey(camera.kind, id), camera)
  network.cameras.push(camera)
  return camera
}

const addNetwork = (world: World, account: Account, plan: NetworkPlan): Network => {
  const index = world.networks.size
  const id = firstId.network + index
  const createdAt = account.createdAt + index * 3_600_000
  const network: Network = {
    id,
    account,
    createdAt,
    key: seededText(world.seed, `network/${id}/key`, 16),
    name: plan.name,
    timeZone: "America/New_York",
    dst: true,
    liveviewMode: "relay",
    liveviewSave: false,
    armed: plan.armed,
    updatedAt: world.startedAt - 3 * 3_600_000,
    syncModule: null,
    cameras: [],
    programs: [],
    events: [],
  }
  world.networks.set(id, network)
  account.networks.push(network)
  if (plan.hasSyncModule) {
    const syncModuleId = firstId.syncModule + world.syncModules.size
    network.syncModule = {
      id: syncModuleId,
      network,
      serial: `G8T1${seededHex(world.seed, `hub/${syncModuleId}/serial`, 12).toUpperCase()}`,
      type: "sm2",
      subtype: "vinnie",
      createdAt: createdAt + 60_000,
      name: `${plan.name} Hub`,
      online: true,
      statusSince: createdAt,
      wifiBars: seededInt(world.seed, `hub/${syncModuleId}/wifi`, 4, 5),
      firmware: "16.0.32",
      storage: { state: "active", clips: [], manifests: new Map(), manifestCount: 0 },
    }
    world.syncModules.set(syncModuleId, network.syncModule)
  }
  addEvent(network, createdAt, { type: "first_boot", notified: false, commandId: null, camera: null })
  for (const camera of plan.cameras) addCamera(world, network, camera)
  return network
}

/** Adds clips of the last six days. */
const addPastClips = (world: World, account: Account, perCamera: number): void => {
  const recordings = account.networks
    .flatMap((network) => network.cameras)
    .flatMap((camera) =>
      Array.from({ length: perCamera }, (_, index) => ({
        camera,
        index,
        at:
          world.startedAt -
          3_600_000 -
          seededFraction(world.seed, `past/${camera.kind}/${camera.id}/${index}`) * 6 * day,
      })),
    )
    .sort((one, other) => one.at - other.at)
  for (const { camera, index, at } of recordings) {
    const item = recordClip(world, at, {
      camera,
      source:
        camera.kind === "doorbell" && index % 3 === 0
          ? "button_press"
          : camera.kind === "owl"
            ? "cv_motion"
            : "pir",
      seconds: seededInt(world.seed, `past/${camera.kind}/${camera.id}/${index}/seconds`, 5, 20),
    })
    if (index % 2 === 0) item.watchedAt = at + 1_800_000
  }
}

/** Adds an account with its networks, devices and clips. Ids continue from those in use. */
export const addAccount = (world: World, plan: AccountPlan): Account => {
  const index = world.counters.account++
  const account: Account = {
    id: firstId.account + index,
    userId: firstId.user + index,
    email: plan.email,
    password: plan.password,
    pin: plan.pin,
    createdAt: world.startedAt - 900 * day,
    networks: [],
    media: [],
    registrations: [],
    notifications: Object.fromEntries(notificationFlags.map((flag) => [flag, true])),
    retentionDays: 30,
    temperatureUnits: world.settings.temperatureUnits,
    timestampThumbnails: world.settings.timestampThumbnails,
    failedSignIns: [],
    successfulSignIns: [],
    lockedUntil: 0,
  }
  world.accounts.set(account.id, account)
  for (const network of plan.networks) addNetwork(world, account, network)
  addPastClips(world, account, plan.clipsPerCamera)
  return account
}

const notificationFlags = [
  "low_battery",
  "camera_offline",
  "camera_usage",
  "scheduling",
  "motion",
  "sync_module_offline",
  "temperature",
  "doorbell",
  "wifi",
  "lfr",
  "bandwidth",
  "battery_dead",
  "local_storage",
  "accessory_connected",
  "accessory_disconnected",
  "accessory_low_battery",
  "general",
  "cv_motion",
] as const
