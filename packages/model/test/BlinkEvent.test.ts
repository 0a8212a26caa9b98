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
  source: "media",
  subject: { account: 7, network: 5, camera: 8, kind: "camera", name: "Porch" },
  data: { clipId: "4410002010", cause: "pir", durationSeconds: 10 },
}

describe("HomeEvent", () => {
  it("is plain JSON: decoding and encoding change nothing", () => {
    const decoded = Schema.decodeUnknownSync(BlinkEvent)(motion)
    assert.deepStrictEqual(Schema.encodeSync(BlinkEvent)(decoded), motion)
  })

  it("is told apart by kind: the data of another kind is refused", () => {
    assert.throws(() => Schema.decodeUnknownSync(BlinkEvent)({ ...motion, kind: "arm.changed" }))
  })

  it("has a topic for every kind", () => {
    assert.deepStrictEqual(Object.keys(topicOf).sort(), Object.keys(BlinkEvent.cases).sort())
  })
})

describe("cursor", () => {
  it.prop(
    "comes back from its text",
    { seq: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1e15 - 1 })) },
    ({ seq }) => {
      const position = { epoch: Epoch.make("k3T_n-a"), seq: Seq.make(seq) }
      return (
        parseCursor(formatCursor(position))?.seq === seq &&
        parseCursor(formatCursor(position))?.epoch === position.epoch
      )
    },
  )

  it("that is not one is null", () => {
    for (const text of ["", "4711", "a:b", "a:-1", ":1", "a:1:2", "a:1.5"])
      assert.isNull(parseCursor(text), text)
  })
})

describe("Timestamp", () => {
  it("refuses any other form of the same instant, so that text sorts as time does", () => {
    for (const text of ["2026-03-14T06:42:00+00:00", "2026-03-14T06:42:00Z", "2026-03-14"]) {
      assert.throws(() => Timestamp.make(text), Error)
    }
  })

  it("is read from any form of an instant; what is none, or can't be written, is null", () => {
    assert.strictEqual(parseTimestamp("2026-03-14T07:42:00+01:00"), "2026-03-14T06:42:00.000Z")
    for (const text of ["", "yesterday", "9999-12-31T23:59:59-05:00", "0000-01-01T00:00:00Z"])
      assert.isNull(parseTimestamp(text), text)
  })

  it("keeps milliseconds", () => {
    assert.strictEqual(timestampToMillis(timestampFromMillis(1_773_470_523_120)), 1_773_470_523_120)
  })
})
