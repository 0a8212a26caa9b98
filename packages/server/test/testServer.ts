import { AccountLease, AccountMonitors, EventLog } from "@blink-streams/events"
import {
  AccountId,
  type AccountState,
  type BlinkEvent,
  CameraId,
  ClipId,
  EventId,
  formatCursor,
  NetworkId,
  Seq,
  timestampFromMillis,
} from "@blink-streams/model"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Context, Effect, Layer, Redacted } from "effect"
import { type ServeOptions, serve, Tokens } from "../src/index.ts"

/** Admin token of every test server. */
export const secret = "a-secret-for-tests"

export const account = AccountId.make(7300142)
export const homeNetwork = NetworkId.make(501)
export const cabinNetwork = NetworkId.make(502)
export const porch = CameraId.make(11)
export const hall = CameraId.make(12)

const start = Date.UTC(2026, 2, 14, 6, 0, 0)
const at = (seconds: number) => timestampFromMillis(start + seconds * 1000)

export const motion = (
  number: number,
  camera = porch,
  network = homeNetwork,
  name = "Porch",
): BlinkEvent => ({
  kind: "motion",
  id: EventId.make(`motion:${number}`),
  occurredAt: at(number),
  observedAt: at(number + 30),
  source: "clips",
  subject: { account, network, camera, kind: "camera", name },
  data: { clipId: ClipId.make(String(number)), cause: "pir", thumbnail: `/media/${number}.jpg` },
})

export const motions = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => motion(from + index))

const longName = "x".repeat(20_000)

/** Motions of 20 kB each: a few hundred fill the socket of a peer that does not read. */
export const bigMotions = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => motion(from + index, porch, homeNetwork, longName))

export const armed = (number: number, to: "armed" | "disarmed", network = homeNetwork): BlinkEvent => ({
  kind: "arm.changed",
  id: EventId.make(`arm:${network}:${number}`),
  occurredAt: at(number),
  observedAt: at(number),
  source: "state",
  subject: { account, network, name: "Home" },
  data: { from: to === "armed" ? "disarmed" : "armed", to, by: "external" },
})

const camera = (id: CameraId, networkId: NetworkId, name: string): AccountState["cameras"][number] => ({
  kind: "camera",
  id,
  networkId,
  name,
  model: "sedona",
  online: "online",
  detection: "on",
  battery: "ok",
  batteryBars: 3,
  wifiBars: 4,
  hubBars: 5,
  temperature: null,
  firmware: null,
  snoozed: null,
  thumbnail: { url: `/media/camera-${id}.jpg`, takenAt: at(0) },
  lastMotionAt: null,
})

export const stateAt = (seconds: number, of = account): AccountState => ({
  account: of,
  asOf: at(seconds),
  stale: false,
  session: { state: "active" },
  budget: { callsLeft: 100, throttledUntil: null },
  sources: { state: { state: "ok", lastOkAt: at(seconds), nextPollAt: at(seconds + 60), reason: null } },
  networks: [
    { id: homeNetwork, name: "Home", timeZone: null, arm: { state: "disarmed", asOf: at(seconds) } },
    { id: cabinNetwork, name: "Cabin", timeZone: null, arm: { state: "unknown", asOf: null } },
  ],
  syncModules: [],
  cameras: [camera(porch, homeNetwork, "Porch"), camera(hall, cabinNetwork, "Hall")],
})

/** State of 20 kB. */
export const bigStateAt = (seconds: number): AccountState => ({
  ...stateAt(seconds),
  cameras: [camera(porch, homeNetwork, longName)],
})

/** A log in a file, which another server can continue. Retains `events` events. */
export const logIn = (filename: string, events = 1_000_000) =>
  EventLog.layerSqlite({ filename, retention: { events } })

/** Returns the cursor of a position in the log. */
export const cursorAt = ({ epoch }: Pick<EventLog["Service"], "epoch">, seq: number) =>
  formatCursor({ epoch, seq: Seq.make(seq) })

/** Starts a server on a real log without accounts. Tests append the events. */
export const startServer = Effect.fnUntraced(function* (
  options: ServeOptions = {},
  log: Layer.Layer<EventLog, unknown> = EventLog.layerMemory,
  admin: string | null = secret,
) {
  const context = yield* Layer.build(
    Layer.mergeAll(
      AccountMonitors.layer.pipe(Layer.provide(Layer.orDie(log)), Layer.provide(AccountLease.layerInProcess)),
      Tokens.layerMemory(admin === null ? null : Redacted.make(admin)),
      NodeHttpServer.layerHttpServices,
    ),
  )
  const monitors = Context.get(context, AccountMonitors)
  const runningServer = yield* serve({ port: 0, ...options }).pipe(Effect.provideContext(context))
  return { ...runningServer, monitors, log: monitors.log, tokens: Context.get(context, Tokens) }
})
