import { type JsonSchema, Schema } from "effect"
import { ClientMessage } from "./ClientMessage.ts"
import { closeCodes } from "./CloseCode.ts"
import { errorCodes } from "./ErrorCode.ts"
import { openApi } from "./openApi.ts"
import { capabilities, subprotocol, version } from "./protocol.ts"
import { requiredScopes } from "./requiredScopes.ts"
import { ServerMessage } from "./ServerMessage.ts"

type Json = Readonly<Record<string, unknown>>

const toJsonSchema = (schema: Schema.Constraint): JsonSchema.JsonSchema => {
  const { schema: root, definitions } = Schema.toJsonSchemaDocument(schema)
  return Object.keys(definitions).length === 0 ? root : { ...root, $defs: definitions }
}

const schemaDocument = (title: string, schema: Schema.Constraint): Json => ({
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title,
  ...toJsonSchema(schema),
})

/** Converts `command.status` to `commandStatus`: component keys of AsyncAPI have no dots. */
const componentName = (type: string) => type.replace(/\.(.)/g, (_, letter: string) => letter.toUpperCase())

const toAsyncApiMessages = (
  cases: Readonly<Record<string, Schema.Constraint>>,
): Readonly<Record<string, Json>> =>
  Object.fromEntries(
    Object.entries(cases).map(([type, schema]) => [
      componentName(type),
      { name: type, contentType: "application/json", payload: toJsonSchema(schema) },
    ]),
  )

const asyncApi = (): Json => {
  const received = toAsyncApiMessages(ClientMessage.cases)
  const sent = toAsyncApiMessages(ServerMessage.cases)
  const channelReferences = (names: Json) =>
    Object.keys(names).map((name) => ({ $ref: `#/channels/socket/messages/${name}` }))
  return {
    asyncapi: "3.0.0",
    info: {
      title: subprotocol,
      version: `${version.major}.${version.minor}.0`,
      description:
        "Events, state and commands of Blink accounts. Each text frame is one JSON object; `type` is its discriminator. Clients ignore unknown fields.",
    },
    defaultContentType: "application/json",
    servers: { local: { host: "127.0.0.1:25465", protocol: "ws" } },
    channels: {
      socket: {
        address: "/",
        messages: Object.fromEntries(
          Object.keys({ ...received, ...sent }).map((name) => [
            name,
            { $ref: `#/components/messages/${name}` },
          ]),
        ),
        bindings: { ws: { bindingVersion: "0.1.0" } },
      },
    },
    operations: {
      receive: {
        action: "receive",
        channel: { $ref: "#/channels/socket" },
        messages: channelReferences(received),
      },
      send: { action: "send", channel: { $ref: "#/channels/socket" }, messages: channelReferences(sent) },
    },
    components: { messages: { ...received, ...sent } },
    "x-capabilities": capabilities,
    "x-close-codes": closeCodes,
    "x-error-codes": errorCodes,
    "x-required-scopes": requiredScopes.messages,
  }
}

/** Machine-readable contract by file name, as checked in under `schema/v1` and served at `/schema/v1/…`. */
export const contractFiles = (): Readonly<Record<string, Json>> => ({
  "client-message.schema.json": schemaDocument("Messages of the client", ClientMessage),
  "server-message.schema.json": schemaDocument("Messages of the server", ServerMessage),
  "asyncapi.json": asyncApi(),
  "openapi.json": openApi(toJsonSchema),
})
