import { assert, it } from "@effect/vitest"
import {
  capabilities,
  ClientMessage,
  closeCodes,
  contractFiles,
  errorCodes,
  requiredScopes,
  ServerMessage,
} from "../src/index.ts"
import { decoderOf, type Json, resolve } from "./jsonSchema.ts"
import { clientSamples, recordedFrames, serverSamples } from "./samples.ts"

interface Message {
  readonly name: string
  readonly payload: Json
}

const document = contractFiles()["asyncapi.json"] as Json
const { messages } = document["components"] as { readonly messages: Readonly<Record<string, Message>> }
const byType = new Map(Object.values(messages).map((message) => [message.name, message]))

interface AsyncOperation {
  readonly action: string
  readonly channel: Json
  readonly messages: ReadonlyArray<Json>
}

/** Returns the types of the messages of an operation, through its channel. */
const typesOf = (operation: string) => {
  const { action, messages } = (document["operations"] as Record<string, AsyncOperation>)[operation]!
  assert.strictEqual(action, operation)
  return messages.map((reference) => resolve(document, resolve(document, reference))["name"])
}

it("AsyncAPI receives every message of a client and sends every message of a server", () => {
  assert.sameMembers(typesOf("receive"), Object.keys(ClientMessage.cases))
  assert.sameMembers(typesOf("send"), Object.keys(ServerMessage.cases))
})

it("AsyncAPI contains the tables of capabilities, codes and scopes", () => {
  assert.deepStrictEqual<unknown>(document["x-capabilities"], capabilities)
  assert.deepStrictEqual<unknown>(document["x-close-codes"], closeCodes)
  assert.deepStrictEqual<unknown>(document["x-error-codes"], errorCodes)
  assert.deepStrictEqual<unknown>(document["x-required-scopes"], requiredScopes.messages)
})

it("Component keys of AsyncAPI consist of letters", () => {
  for (const key of Object.keys(messages)) assert.match(key, /^[a-zA-Z]+$/)
})

for (const [type, sample] of Object.entries({ ...clientSamples, ...serverSamples }))
  it(`The payload of \`${type}\` in AsyncAPI accepts a message of this type and no other`, () => {
    const accepts = decoderOf(byType.get(type)!.payload)
    assert.isTrue(accepts(sample))
    assert.isFalse(accepts({ ...sample, type: "other" }))
    const { type: _, ...rest } = sample as Json
    assert.isFalse(accepts(rest))
  })

for (const sender of ["client", "server"] as const)
  it(`${sender}-message.schema.json accepts every frame that PROTOCOL.md records of the ${sender}`, () => {
    const schema = contractFiles()[`${sender}-message.schema.json`] as Json
    const { $schema, title, ...root } = schema
    assert.strictEqual($schema, "https://json-schema.org/draft/2020-12/schema")
    assert.strictEqual(title, `Messages of the ${sender}`)
    const accepts = decoderOf(root)
    for (const frame of recordedFrames[sender]) assert.isTrue(accepts(JSON.parse(frame)), frame.slice(0, 80))
    const other = sender === "client" ? "server" : "client"
    for (const frame of recordedFrames[other]) assert.isFalse(accepts(JSON.parse(frame)), frame.slice(0, 80))
  })
