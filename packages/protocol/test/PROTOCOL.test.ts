import { ClientMessage, closeCodes, errorCodes, ServerMessage } from "../src/index.ts"
import { assert, it } from "@effect/vitest"
import { Schema } from "effect"
import { readFileSync } from "node:fs"

const text = readFileSync(new URL("../PROTOCOL.md", import.meta.url), "utf8")
/** Lines of PROTOCOL.md without the padding of tables. */
const normalizedLines = text.split("\n").map((line) => line.replaceAll(/ +/g, " "))

const exampleFrames = (arrow: string) =>
  normalizedLines.filter((line) => line.startsWith(`${arrow} `)).map((line) => line.slice(2))

const decodeClient = Schema.decodeUnknownSync(Schema.fromJsonString(ClientMessage))
const decodeServer = Schema.decodeUnknownSync(Schema.fromJsonString(ServerMessage))

it("every frame of the example in PROTOCOL.md decodes as a message of its sender", () => {
  const clientMessages = exampleFrames("→").map((line) => decodeClient(line))
  const serverMessages = exampleFrames("←").map((line) => decodeServer(line))
  assert.deepStrictEqual(
    new Set(clientMessages.map(({ type }) => type)),
    new Set(["auth", "subscribe", "command", "unsubscribe"]),
  )
  assert.isAtLeast(serverMessages.length, 15)
})

it("PROTOCOL.md explains every error code, close code and message type", () => {
  for (const [code, { category, retryable, since, meaning }] of Object.entries(errorCodes))
    assert.include(
      normalizedLines,
      `| \`${code}\` | ${category} | ${retryable ? "yes" : "no"} | 1.${since} | ${meaning} |`,
    )
  for (const [code, { name, reconnect, meaning }] of Object.entries(closeCodes))
    assert.include(normalizedLines, `| ${code} | \`${name}\` | ${reconnect ? "yes" : "no"} | ${meaning} |`)
  for (const type of Object.keys({ ...ClientMessage.cases, ...ServerMessage.cases }))
    assert.include(text, `\`${type}\``)
})
