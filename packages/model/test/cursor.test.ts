import { assert, it } from "@effect/vitest"
import { Schema } from "effect"
import { Epoch, RecordedEvent, Seq, formatCursor, parseCursor, topicOf } from "../src/index.ts"

const maxSeq = 999_999_999_999_999
const Position = {
  epoch: Schema.String.check(Schema.isPattern(/^[^:\n]+$/)),
  seq: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: maxSeq })),
}

it.prop("A cursor keeps the epoch of any log and every position", Position, ({ epoch, seq }) => {
  const position = { epoch: Epoch.make(epoch), seq: Seq.make(seq) }
  const parsed = parseCursor(formatCursor(position))
  return parsed?.epoch === epoch && parsed.seq === position.seq
})

it.prop(
  "Cursors of different positions are different",
  { one: Position.seq, other: Position.seq },
  ({ one, other }) => {
    const at = (seq: number) => formatCursor({ epoch: Epoch.make("e1"), seq: Seq.make(seq) })
    return (at(one) === at(other)) === (one === other)
  },
)

it.each([
  ["no epoch", ":1"],
  ["no position", "e1:"],
  ["no separator", "e1"],
  ["a position that is not a number", "e1:one"],
  ["a negative position", "e1:-1"],
  ["a fraction", "e1:1.5"],
  ["an exponent", "e1:1e3"],
  ["a hexadecimal position", "e1:0x1"],
  ["blanks", "e1: 1"],
  ["a third part", "e1:1:2"],
  ["a position that a number cannot hold exactly", "e1:9999999999999999"],
  ["a line break", "e1:1\n"],
])("parseCursor returns null for %s", (_, text) => {
  assert.isNull(parseCursor(text))
})

it("parseCursor accepts the largest position", () => {
  assert.strictEqual(parseCursor(`e1:${maxSeq}`)?.seq, maxSeq)
})

it("RecordedEvent rejects a position before the log", () => {
  const recorded = {
    epoch: "e1",
    event: {
      kind: "doorbell.pressed",
      id: "press:1",
      occurredAt: "2026-03-14T06:55:10.000Z",
      observedAt: "2026-03-14T06:55:12.000Z",
      source: "clips",
      subject: { account: 7 },
      data: {},
    },
  }
  const decode = Schema.decodeUnknownSync(RecordedEvent)
  assert.strictEqual(decode({ ...recorded, seq: 0 }).seq, 0)
  assert.throws(() => decode({ ...recorded, seq: -1 }))
  assert.throws(() => decode(recorded))
})

it("Every topic is one word, so that a subscription can name it", () => {
  for (const topic of Object.values(topicOf)) assert.match(topic, /^[a-z]+$/)
})
