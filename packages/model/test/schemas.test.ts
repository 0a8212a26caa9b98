import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import {
  AccountId,
  AccountState,
  ArmState,
  BatteryState,
  BlinkEvent,
  BlinkState,
  BudgetState,
  Camera,
  CameraId,
  CameraKind,
  CameraState,
  Clip,
  ClipId,
  DetectionState,
  EventSource,
  Network,
  NetworkId,
  OnlineState,
  RecordedEvent,
  Seq,
  SessionState,
  Snapshot,
  SourceHealth,
  Subject,
  SyncModule,
  SyncModuleId,
  Temperature,
  Thumbnail,
  cameraKey,
} from "../src/index.ts"

const schemas = {
  AccountState,
  BlinkEvent,
  BlinkState,
  BudgetState,
  Camera,
  CameraState,
  Clip,
  Network,
  RecordedEvent,
  SessionState,
  Snapshot,
  SourceHealth,
  Subject,
  SyncModule,
  Temperature,
  Thumbnail,
}

/** JSON has no -0. */
const withoutNegativeZero = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, each: unknown) => (each === 0 ? 0 : each)))

for (const [name, schema] of Object.entries(schemas))
  it.prop(`${name} is plain JSON: text, and back, is the same value`, { value: schema }, ({ value }) => {
    const codec = schema as Schema.Codec<unknown>
    const encoded = Schema.encodeSync(codec)(value)
    const decoded = Schema.decodeUnknownSync(codec)(JSON.parse(JSON.stringify(encoded)))
    assert.deepStrictEqual(withoutNegativeZero(decoded), withoutNegativeZero(value))
  })

const camera: typeof CameraState.Encoded = {
  kind: "camera",
  id: 8,
  networkId: 5,
  name: "Porch",
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
  thumbnail: null,
  lastMotionAt: null,
}
const account: typeof AccountState.Encoded = {
  account: 7,
  asOf: null,
  stale: true,
  session: { state: "active" },
  budget: { callsLeft: 600, throttledUntil: null },
  sources: { state: { state: "starting", lastOkAt: null, nextPollAt: null, reason: null } },
  networks: [{ id: 5, name: "Home", timeZone: null, arm: { state: "unknown", asOf: null } }],
  syncModules: [],
  cameras: [camera],
}
const clip: typeof Clip.Encoded = {
  id: "4410002010",
  storage: "cloud",
  networkId: 5,
  camera: null,
  cameraName: "Porch",
  source: "pir",
  createdAt: "2026-03-14T06:55:10.000Z",
  updatedAt: "2026-03-14T06:55:52.000Z",
  durationSeconds: null,
  partial: false,
  watched: false,
  deleted: false,
  thumbnail: null,
  media: null,
}

const decodes = (schema: Schema.Top, value: unknown): boolean =>
  Schema.decodeUnknownResult(schema as Schema.Codec<unknown>)(value)._tag === "Success"

describe("Samples", () => {
  it("A state, a clip and a camera with every optional value absent are valid", () => {
    assert.isTrue(decodes(BlinkState, { accounts: [account] }))
    assert.isTrue(decodes(Clip, clip))
    assert.isTrue(decodes(CameraState, camera))
  })

  for (const [name, schema, sample] of [
    ["AccountState", AccountState, account],
    ["CameraState", CameraState, camera],
    ["Clip", Clip, clip],
  ] as const)
    for (const field of Object.keys(sample))
      it(`${name} rejects a missing ${field}: absence is null`, () => {
        const { [field as never]: _, ...rest } = sample
        assert.isFalse(decodes(schema, rest))
      })
})

describe("Closed values", () => {
  for (const [name, schema, values] of [
    ["ArmState", ArmState, ["armed", "disarmed", "arming", "disarming", "unknown"]],
    ["OnlineState", OnlineState, ["online", "offline", "unknown"]],
    ["BatteryState", BatteryState, ["ok", "low", "mains", "unknown"]],
    ["DetectionState", DetectionState, ["on", "off", "unknown"]],
    ["CameraKind", CameraKind, ["camera", "mini", "doorbell"]],
    ["EventSource", EventSource, EventSource.literals],
  ] as const)
    it(`${name} accepts its own values only, in lower case`, () => {
      for (const value of values) assert.isTrue(decodes(schema, value), value)
      for (const value of ["", "ARMED", "Armed", "owl", "true", null, true, 0])
        assert.isFalse(decodes(schema, value), String(value))
    })

  it("Every state that can be missing in a response has the value unknown", () => {
    for (const schema of [ArmState, OnlineState, BatteryState, DetectionState])
      assert.isTrue(decodes(schema, "unknown"))
  })
})

describe("Ids", () => {
  it("Numeric ids are whole numbers", () => {
    for (const schema of [AccountId, NetworkId, SyncModuleId, CameraId]) {
      assert.isTrue(decodes(schema, 5_130_001))
      for (const value of [1.5, Number.NaN, Number.POSITIVE_INFINITY, "5130001", null])
        assert.isFalse(decodes(schema, value))
    }
  })

  it("Clip ids are text, because those of USB storage have a prefix", () => {
    for (const id of ["4410002010", "local:12"]) assert.isTrue(decodes(ClipId, id))
    assert.isFalse(decodes(ClipId, 4_410_002_010))
  })

  it("Seq starts at 0, the position before the first event", () => {
    assert.isTrue(decodes(Seq, 0))
    for (const value of [-1, 0.5, "1"]) assert.isFalse(decodes(Seq, value))
  })

  it.prop(
    "cameraKey is different for cameras of different kind or id",
    {
      one: Schema.Struct({ kind: CameraKind, id: CameraId }),
      other: Schema.Struct({ kind: CameraKind, id: CameraId }),
    },
    ({ one, other }) =>
      (cameraKey(one) === cameraKey(other)) === (one.kind === other.kind && one.id === other.id),
  )
})

describe("Account state", () => {
  it("Any source may be polled, in a known state", () => {
    const source = { lastOkAt: null, nextPollAt: null, reason: "server error (503)" }
    for (const state of ["starting", "ok", "stale", "throttled", "needs_user", "off"])
      assert.isTrue(decodes(AccountState, { ...account, sources: { another: { ...source, state } } }), state)
    assert.isFalse(decodes(AccountState, { ...account, sources: { another: { ...source, state: "dead" } } }))
  })

  it("The session has a known state", () => {
    for (const state of ["signed_out", "authorizing", "awaiting_pin", "active", "renewing", "blocked"])
      assert.isTrue(decodes(SessionState, { state }), state)
    for (const state of ["lost", "", null]) assert.isFalse(decodes(SessionState, { state }), String(state))
  })

  it("Times are timestamps", () => {
    for (const asOf of ["yesterday", 1_773_470_520_000, "2026-03-14T06:42:00Z"])
      assert.isFalse(decodes(AccountState, { ...account, asOf }), String(asOf))
  })

  it("The remaining requests are a whole number", () => {
    for (const callsLeft of [1.5, "600", null])
      assert.isFalse(decodes(BudgetState, { callsLeft, throttledUntil: null }), String(callsLeft))
  })
})
