import { assert, it } from "@effect/vitest"
import { Schema } from "effect"
import {
  ClientMessage,
  CommandTarget,
  EventPage,
  Filter,
  LoggedEvent,
  Prompt,
  ProtocolError,
  ServerMessage,
  WireEvent,
} from "../src/index.ts"
import { recordedFrames } from "./samples.ts"

const schemas: Readonly<Record<string, Schema.Codec<unknown, unknown>>> = {
  ...Object.fromEntries(
    Object.entries(ClientMessage.cases).map(([type, schema]) => [`message ${type}`, schema]),
  ),
  ...Object.fromEntries(
    Object.entries(ServerMessage.cases).map(([type, schema]) => [`message ${type}`, schema]),
  ),
  CommandTarget,
  EventPage,
  Filter,
  LoggedEvent,
  Prompt,
  ProtocolError,
  WireEvent,
}

/** Sends a value over the wire: encodes it as JSON text, decodes it, and encodes it again. */
const overTheWire = (schema: Schema.Codec<unknown, unknown>, value: unknown) => {
  const encode = Schema.encodeUnknownSync(schema)
  const sent = JSON.stringify(encode(value))
  const received = Schema.decodeUnknownSync(schema)(JSON.parse(sent))
  return { sent, received: JSON.stringify(encode(received)) }
}

for (const [name, schema] of Object.entries(schemas))
  it.prop(
    `Any ${name} is the same after it was encoded as JSON and decoded`,
    { value: schema },
    ({ value }) => {
      const { sent, received } = overTheWire(schema, value)
      assert.strictEqual(received, sent)
    },
    { arbitrary: { runs: 30 } },
  )

for (const [sender, union] of [
  ["client", ClientMessage],
  ["server", ServerMessage],
] as const) {
  const schema: Schema.Codec<unknown, unknown> = union

  it(`Every recorded frame of the ${sender} is the same after it was decoded and encoded`, () => {
    for (const frame of recordedFrames[sender]) {
      const message: unknown = JSON.parse(frame)
      const decoded = Schema.decodeUnknownSync(schema)(message)
      assert.deepStrictEqual(Schema.encodeUnknownSync(schema)(decoded), message)
    }
  })

  it.prop(
    `Any message of the ${sender} is decoded as its own type, and without fields that a later version adds`,
    { value: schema },
    ({ value }) => {
      const encoded = Schema.encodeUnknownSync(schema)(value)
      const later: unknown = { ...(encoded as object), fromTheFuture: { nested: [1] } }
      const decoded = Schema.decodeUnknownSync(schema)(JSON.parse(JSON.stringify(later)))
      assert.notProperty(decoded, "fromTheFuture")
      assert.strictEqual(JSON.stringify(Schema.encodeUnknownSync(schema)(decoded)), JSON.stringify(encoded))
    },
    { arbitrary: { runs: 100 } },
  )
}
