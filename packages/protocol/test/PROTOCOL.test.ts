import { assert, it } from "@effect/vitest"
import { Schema } from "effect"
import { ClientMessage, ServerMessage } from "../src/index.ts"
import { recordedFrames } from "./samples.ts"

it("Every frame of the example in PROTOCOL.md decodes as a message of its sender", () => {
  const decodeClient = Schema.decodeUnknownSync(Schema.fromJsonString(ClientMessage))
  const decodeServer = Schema.decodeUnknownSync(Schema.fromJsonString(ServerMessage))
  assert.deepStrictEqual(
    new Set(recordedFrames.client.map((frame) => decodeClient(frame).type)),
    new Set(["auth", "subscribe", "command", "unsubscribe"]),
  )
  const sent = recordedFrames.server.map((frame) => decodeServer(frame).type)
  assert.isAtLeast(sent.length, 15)
  assert.deepStrictEqual(sent.slice(0, 3), ["hello", "ready", "snapshot"])
})
