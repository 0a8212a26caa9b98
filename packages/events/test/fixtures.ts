import {
  AccountId,
  type AccountState,
  type Camera,
  CameraId,
  type Clip,
  ClipId,
  EventId,
  type BlinkEvent,
  type Network,
  NetworkId,
  type Snapshot,
  type SyncModule,
  SyncModuleId,
  timestampFromMillis,
} from "@blink-streams/model"

/** Test values: one account with one network, and events that differ by a number. */
export const account = AccountId.make(7300142)
export const network = NetworkId.make(501)
const start = Date.UTC(2026, 2, 14, 6, 0, 0)
export const at = (seconds: number) => timestampFromMillis(start + seconds * 1000)

export const motion = (number: number): BlinkEvent => ({
  kind: "motion",
  id: EventId.make(`motion:${number}`),
  occurredAt: at(number),
  observedAt: at(number + 30),
  source: "clips",
  subject: { account, network, name: "Porch" },
  data: { clipId: ClipId.make(String(number)), cause: "pir" },
})

export const motions = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => motion(from + index))

export const stateAt = (seconds: number, of = account): AccountState => ({
  account: of,
  asOf: at(seconds),
  stale: false,
  session: { state: "active" },
  budget: { callsLeft: 100, throttledUntil: null },
  sources: {},
  networks: [],
  syncModules: [],
  cameras: [],
})

export const camera = (number: number, set: Partial<Camera> = {}): Camera => ({
  kind: "camera",
  id: CameraId.make(number),
  networkId: network,
  name: `Camera ${number}`,
  model: "sedona",
  online: "online",
  detection: "on",
  battery: "ok",
  batteryBars: 3,
  wifiBars: 4,
  hubBars: 5,
  temperature: { celsius: 20, raw: 68, unit: "fahrenheit", basis: "account" },
  firmware: "10.76",
  snoozed: false,
  thumbnail: { url: `/thumb/${number}?ts=1`, takenAt: at(0) },
  ...set,
})

export const syncModule = (set: Partial<SyncModule> = {}): SyncModule => ({
  id: SyncModuleId.make(77),
  networkId: network,
  name: "Hub",
  online: "online",
  firmware: "4.5",
  wifiBars: 5,
  localStorage: "active",
  ...set,
})

export const homeNetwork = (set: Partial<Network> = {}): Network => ({
  id: network,
  name: "Home",
  timeZone: "Europe/Berlin",
  arm: "disarmed",
  ...set,
})

export const snapshot = (seconds: number, set: Partial<Snapshot> = {}): Snapshot => ({
  account,
  takenAt: at(seconds),
  networks: [homeNetwork()],
  syncModules: [syncModule()],
  cameras: [camera(1), camera(2)],
  ...set,
})

export const clip = (number: number, set: Partial<Clip> = {}): Clip => ({
  id: ClipId.make(String(number)),
  storage: "cloud",
  networkId: network,
  camera: { kind: "camera", id: CameraId.make(1) },
  cameraName: "Camera 1",
  source: "pir",
  createdAt: at(number),
  updatedAt: at(number + 30),
  durationSeconds: 12,
  partial: false,
  watched: false,
  deleted: false,
  thumbnail: `/thumb/${number}`,
  media: `/clip/${number}`,
  ...set,
})
