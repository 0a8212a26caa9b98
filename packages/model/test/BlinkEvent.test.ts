import { assert, describe, it } from "@effect/vitest"
import {
  Epoch,
  formatCursor,
  BlinkEvent,
  parseCursor,
  Seq,
  topicOf,
  Timestamp,
  parseTimestamp,
  timestampFromMillis,
  timestampToMillis,
} from "../src/index.ts"
import { Schema } from "effect"

const motion: typeof BlinkEvent.Encoded = {
  kind: "motion",
  id: "motion:4410002010",
  occurredAt: "2026-03-14T06:55:10.000Z",
  observedAt: "2026-03-14T06:55:52.120Z",
  source: "clips",
  subject: { account: 7, network: 5, camera: 8, kind: "camera", name: "Porch" },
  data: { clipId: "4410002010", cause: "pir", durationSeconds: 10 },
}

describe("BlinkEvent", () => {
  it("BlinkEvent is plain JSON: decoding and encoding leave it unchanged", () => {
    const decoded = Schema.decodeUnknownSync(BlinkEvent)(motion)
    assert.deepStrictEqual(Schema.encodeSync(BlinkEvent)(decoded), motion)
  })

  it("BlinkEvent rejects data that belongs to another kind", () => {
    assert.throws(() => Schema.decodeUnknownSync(BlinkEvent)({ ...motion, kind: "arm.changed" }))
  })

  it("topicOf has a topic for every event kind", () => {
    assert.deepStrictEqual(Object.keys(topicOf).sort(), Object.keys(BlinkEvent.cases).sort())
  })
})

describe("cursor", () => {
  it.prop(
    "parseCursor returns the position that formatCursor has formatted",
    { seq: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1e15 - 1 })) },
    ({ seq }) => {
      const position = { epoch: Epoch.make("k3T_n-a"), seq: Seq.make(seq) }
      return (
        parseCursor(formatCursor(position))?.seq === seq &&
        parseCursor(formatCursor(position))?.epoch === position.epoch
      )
    },
  )

  it("parseCursor returns null for text that is not a cursor", () => {
    for (const text of ["", "4711", "a:b", "a:-1", ":1", "a:1:2", "a:1.5"])
      assert.isNull(parseCursor(text), text)
  })
})

describe("Timestamp", () => {
  it("Timestamp rejects other ISO 8601 forms, so that text order is time order", () => {
    for (const text of ["2026-03-14T06:42:00+00:00", "2026-03-14T06:42:00Z", "2026-03-14"]) {
      assert.throws(() => Timestamp.make(text), Error)
    }
  })

  it("parseTimestamp accepts every ISO 8601 form and returns null for other text and unsupported years", () => {
    assert.strictEqual(parseTimestamp("2026-03-14T07:42:00+01:00"), "2026-03-14T06:42:00.000Z")
    for (const text of ["", "yesterday", "9999-12-31T23:59:59-05:00", "0000-01-01T00:00:00Z"])
      assert.isNull(parseTimestamp(text), text)
  })

  it("timestampToMillis returns the milliseconds that timestampFromMillis was given", () => {
    assert.strictEqual(timestampToMillis(timestampFromMillis(1_773_470_523_120)), 1_773_470_523_120)
  })
})
