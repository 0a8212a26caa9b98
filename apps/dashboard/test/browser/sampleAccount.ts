import {
  type AccountState,
  type ArmState,
  type CameraState,
  ClipId,
  EventId,
  type BlinkEvent,
  timestampFromMillis,
} from "@blink-streams/model"
import { account, accountState, camera, network } from "../fixtures.ts"

const ago = (seconds: number) => timestampFromMillis(Date.now() - seconds * 1_000)

/** A time zone in which it is about noon, so that no test runs near midnight. */
const offset = 12 - new Date().getUTCHours()
const noonZone = offset === 0 ? "UTC" : `Etc/GMT${offset > 0 ? "-" : "+"}${Math.abs(offset)}`

/** An account with two systems whose cameras cover every state that a card can show. */
export const sampleAccount = (overrides: Partial<AccountState> = {}): AccountState =>
  accountState({
    asOf: ago(8),
    networks: [
      network(1, { name: "Home", timeZone: noonZone, arm: { state: "armed", asOf: ago(8) } }),
      network(2, { name: "Cabin", timeZone: noonZone, arm: { state: "unknown", asOf: null } }),
    ],
    sources: {
      state: { state: "ok", lastOkAt: ago(8), nextPollAt: ago(-52), reason: null },
      clips: { state: "ok", lastOkAt: ago(3), nextPollAt: ago(-12), reason: null },
    },
    cameras: [
      camera(1, { name: "Porch", lastMotionAt: ago(400) }),
      camera(2, { name: "Garden", battery: "low", batteryBars: 1 }),
      camera(3, { name: "Garage", online: "offline", wifiBars: null }),
      camera(4, { name: "Entrance", kind: "doorbell", snoozed: true }),
      camera(5, {
        name: "Hall",
        kind: "mini",
        battery: "mains",
        batteryBars: null,
        networkId: network(2).id,
      }),
    ],
    ...overrides,
  })

/** An account with `cameras` cameras in three networks. */
export const largeAccount = (cameras: number): AccountState =>
  sampleAccount({
    networks: [1, 2, 3].map((id) => network(id, { name: `System ${id}`, timeZone: noonZone })),
    cameras: Array.from({ length: cameras }, (_, index) =>
      camera(index + 1, { name: `Camera ${index + 1}`, networkId: network((index % 3) + 1).id }),
    ),
  })

let created = 0

const eventBase = (subject: CameraState, secondsAgo: number) => ({
  occurredAt: ago(secondsAgo),
  observedAt: ago(0),
  subject: {
    account,
    network: subject.networkId,
    camera: subject.id,
    kind: subject.kind,
    name: subject.name,
  },
})

export const motionAt = (seen: CameraState, secondsAgo = 21): BlinkEvent => ({
  ...eventBase(seen, secondsAgo),
  id: EventId.make(`motion:${++created}`),
  kind: "motion",
  source: "clips",
  data: { clipId: ClipId.make(String(created)), cause: "pir", durationSeconds: 7 },
})

export const pressAt = (seen: CameraState): BlinkEvent => ({
  ...eventBase(seen, 1),
  id: EventId.make(`press:${++created}`),
  kind: "doorbell.pressed",
  source: "clips",
  data: {},
})

export const armed = (from: ArmState, to: ArmState, secondsAgo = 1): BlinkEvent => ({
  id: EventId.make(`arm:${++created}`),
  kind: "arm.changed",
  occurredAt: ago(secondsAgo),
  observedAt: ago(0),
  source: "state",
  subject: { account, network: network(1).id, name: "Home" },
  data: { from, to, by: "external" },
})
