import type { AccountState, CameraState, EventOf, BlinkEvent, NetworkState } from "@blink-streams/model"
import {
  AccountId,
  CameraId,
  ClipId,
  Cursor,
  EventId,
  NetworkId,
  timestampFromMillis,
} from "@blink-streams/model"
import { eventEntry, type EventEntry } from "../src/state/logEntries.ts"

export const account = AccountId.make(7)
export const start = Date.parse("2026-03-14T06:00:00Z")
const at = (minutes: number) => timestampFromMillis(start + minutes * 60_000)

export const camera = (id: number, overrides: Partial<CameraState> = {}): CameraState => ({
  kind: "camera",
  id: CameraId.make(id),
  networkId: NetworkId.make(1),
  name: `Camera ${id}`,
  model: "catalina",
  online: "online",
  detection: "on",
  battery: "ok",
  batteryBars: 3,
  wifiBars: 4,
  hubBars: 4,
  temperature: null,
  firmware: null,
  snoozed: null,
  thumbnail: null,
  lastMotionAt: null,
  ...overrides,
})

export const network = (id: number, overrides: Partial<NetworkState> = {}): NetworkState => ({
  id: NetworkId.make(id),
  name: `Network ${id}`,
  timeZone: "Europe/Berlin",
  arm: { state: "armed", asOf: at(0) },
  ...overrides,
})

export const accountState = (overrides: Partial<AccountState> = {}): AccountState => ({
  account,
  asOf: at(0),
  stale: false,
  session: { state: "active" },
  budget: { callsLeft: 300, throttledUntil: null },
  sources: {},
  networks: [network(1)],
  syncModules: [],
  cameras: [],
  ...overrides,
})

const common = (minutes: number, cameraId: number) => ({
  occurredAt: at(minutes),
  observedAt: at(minutes),
  source: "clips" as const,
  subject: { account, network: NetworkId.make(1), camera: CameraId.make(cameraId), kind: "camera" as const },
})

export const motion = (minutes: number, cameraId = 1): EventOf<"motion"> => ({
  ...common(minutes, cameraId),
  id: EventId.make(`motion:${cameraId}:${minutes}`),
  kind: "motion",
  data: { clipId: ClipId.make(`${cameraId}${minutes}`), cause: "pir" },
})

export const armChange = (
  minutes: number,
  from: EventOf<"arm.changed">["data"]["from"],
  to: EventOf<"arm.changed">["data"]["to"],
): EventOf<"arm.changed"> => ({
  id: EventId.make(`arm:${minutes}`),
  kind: "arm.changed",
  occurredAt: at(minutes),
  observedAt: at(minutes),
  source: "state",
  subject: { account, network: NetworkId.make(1) },
  data: { from, to, by: "external" },
})

export const entry = (event: BlinkEvent, seq: number, replayed = false): EventEntry =>
  eventEntry({ ...event, cursor: Cursor.make(`e:${seq}`), replayed }, "UTC")
