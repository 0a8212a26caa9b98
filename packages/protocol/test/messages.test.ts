import { ClientMessage, protocolError, ServerMessage } from "../src/index.ts"
import { assert, it } from "@effect/vitest"
import { Exit, Schema } from "effect"

const decodeServer = Schema.decodeUnknownExit(ServerMessage)
const decodeClient = Schema.decodeUnknownExit(ClientMessage)
const error = protocolError("busy", "another command is running", "c1")

it("A result is either a success with a value or a failure with an error", () => {
  const success = { type: "result", id: "1", ok: true, value: null }
  const failure = { type: "result", id: "1", ok: false, error }
  assert.deepStrictEqual<unknown>(decodeServer(success), Exit.succeed(success))
  assert.deepStrictEqual<unknown>(decodeServer(failure), Exit.succeed(failure))
})

it("A result without its value or error does not decode", () => {
  for (const invalid of [
    { type: "result", id: "1", ok: true },
    { type: "result", id: "1", ok: true, error },
    { type: "result", id: "1", ok: false },
    { type: "result", id: "1", ok: false, value: null },
  ])
    assert.isTrue(Exit.isFailure(decodeServer(invalid)), JSON.stringify(invalid))
})

it("`since` is any text, and no other JSON value", () => {
  const subscribe = { type: "subscribe", id: "1", topics: ["*"] }
  for (const since of ["888d4abd:4", "yesterday", ""])
    assert.deepStrictEqual<unknown>(
      decodeClient({ ...subscribe, since }),
      Exit.succeed({ ...subscribe, since }),
    )
  for (const since of [4, null, { epoch: "888d4abd", seq: 4 }])
    assert.isTrue(Exit.isFailure(decodeClient({ ...subscribe, since })), JSON.stringify(since))
})

it("Every server message with `epoch` and `seq` also has a `cursor`", () => {
  const withPosition = Object.entries(ServerMessage.cases).flatMap(([type, schema]) =>
    "fields" in schema && "seq" in schema.fields ? [[type, "cursor" in schema.fields]] : [],
  )
  assert.deepStrictEqual(
    withPosition,
    ["snapshot", "subscribed", "state", "event", "heartbeat"].map((type) => [type, true]),
  )
})
