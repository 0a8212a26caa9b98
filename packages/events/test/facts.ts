import {
  AccountId,
  type AccountState,
  ClipId,
  EventId,
  type HomeEvent,
  NetworkId,
  Timestamps,
} from "@blink-streams/model"

/** Values for tests: one account with one network, and events that differ by a number. */
export const account = AccountId.make(7300142)
export const network = NetworkId.make(501)
export const start = Date.UTC(2026, 2, 14, 6, 0, 0)
export const at = (seconds: number) => Timestamps.fromMillis(start + seconds * 1000)

export const motion = (number: number): HomeEvent => ({
  kind: "motion",
  id: EventId.make(`motion:${number}`),
  occurredAt: at(number),
  observedAt: at(number + 30),
  source: "media",
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
