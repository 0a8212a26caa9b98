import { BlinkState, Seq } from "@blink-streams/model"
import { type JsonSchema, Schema } from "effect"
import { commandFields } from "./ClientMessage.ts"
import { Prompt } from "./Prompt.ts"
import { ProtocolError } from "./ProtocolError.ts"
import { version } from "./protocol.ts"
import { EventMessage, TokenScope } from "./ServerMessage.ts"

type Json = Readonly<Record<string, unknown>>

const { sub: _, ...loggedEventFields } = EventMessage.fields

/** What `GET /v1/state` answers: one atomic cut. */
const StateResponse = Schema.Struct({
  type: Schema.Literal("snapshot"),
  epoch: Schema.String,
  seq: Seq,
  asOf: Schema.NullOr(Schema.String),
  ready: Schema.Boolean,
  state: BlinkState,
  prompts: Schema.Array(Prompt),
})

const EventPageResponse = Schema.Struct({
  events: Schema.Array(Schema.Struct(loggedEventFields)),
  next: Schema.String,
  more: Schema.Boolean,
})

const nullableIds = Schema.NullOr(Schema.Array(Schema.Int))
const TokenInfo = Schema.Struct({
  id: Schema.String,
  name: Schema.String,
  scopes: Schema.Array(TokenScope),
  accounts: nullableIds,
  networks: nullableIds,
  cameras: Schema.NullOr(Schema.Array(Schema.Struct({ kind: Schema.String, id: Schema.Int }))),
  createdAt: Schema.Int,
  expiresAt: Schema.NullOr(Schema.Int),
})

const queryParameter = (name: string, description: string) => ({
  name,
  in: "query",
  description,
  schema: { type: "string" },
})
const pathParameter = (name: string) => ({ name, in: "path", required: true, schema: { type: "string" } })

/** The doors beside the websocket, as OpenAPI 3.1. */
export const openApi = (toJsonSchema: (schema: Schema.Constraint) => JsonSchema.JsonSchema): Json => {
  const json = (schema: Schema.Constraint) => ({ "application/json": { schema: toJsonSchema(schema) } })
  const errorResponse = { $ref: "#/components/responses/Failed" }
  const operation = (summary: string, responses: Json, extra: Json = {}) => ({
    summary,
    responses: { ...responses, default: errorResponse },
    ...extra,
  })
  const withoutAuth = { security: [] }
  return {
    openapi: "3.1.0",
    info: { title: "blink-streams over HTTP", version: `${version.major}.${version.minor}.0` },
    security: [{ token: [] }],
    paths: {
      "/v1/state": {
        get: operation("Everything a screen shows, at one place of the log.", {
          200: { description: "The state.", content: json(StateResponse) },
        }),
      },
      "/v1/events": {
        get: operation(
          "Events as they come (Server-Sent Events), or one page of the log (`after` without `Accept: text/event-stream`).",
          {
            200: {
              description: "A stream whose ids are cursors, or a page. A stream ends with its token.",
              content: { "text/event-stream": { schema: { type: "string" } }, ...json(EventPageResponse) },
            },
            410: errorResponse,
          },
          {
            parameters: [
              queryParameter(
                "after",
                "A place, `epoch:seq` or `seq`. For a stream `Last-Event-ID` does the same.",
              ),
              queryParameter("limit", "Events on a page: 1 to 1,000, default 100."),
              queryParameter("topics", "Topics, separated by commas; all without it."),
              queryParameter("kinds", "Kinds, separated by commas; `clip.*` is a pattern."),
              queryParameter("accounts", "Ids, separated by commas."),
              queryParameter("networks", "Ids, separated by commas."),
              queryParameter("cameras", "Ids, separated by commas."),
              queryParameter("minSeverity", "`info`, `notice`, `warning` or `alert`."),
            ],
          },
        ),
      },
      "/v1/commands": {
        post: operation(
          "Runs a command; answers when a look at the home has shown it.",
          {
            200: {
              description: "It is done and was seen.",
              content: json(Schema.Struct({ value: Schema.Json })),
            },
          },
          { requestBody: { required: true, content: json(Schema.Struct(commandFields)) } },
        ),
      },
      "/v1/live/{account}/{kind}/{camera}": {
        get: operation(
          "A camera's picture as it is now, for as long as it is read. It wakes the camera: scope `control`.",
          { 200: { description: "MPEG-TS.", content: { "video/mp2t": { schema: { type: "string" } } } } },
          { parameters: [pathParameter("account"), pathParameter("kind"), pathParameter("camera")] },
        ),
      },
      "/v1/media/{account}/{file}": {
        get: operation(
          "A picture or clip. Addresses come with states and events; they are signed and lapse.",
          {
            200: { description: "The file." },
            206: { description: "A part." },
            304: { description: "The same." },
          },
          {
            ...withoutAuth,
            parameters: [
              pathParameter("account"),
              pathParameter("file"),
              queryParameter("expires", "Milliseconds since the epoch."),
              queryParameter("signature", "Of the server."),
            ],
          },
        ),
      },
      "/v1/session": {
        post: operation(
          "A token for the code of a one-time link.",
          { 200: { description: "The token.", content: json(Schema.Struct({ token: Schema.String })) } },
          {
            ...withoutAuth,
            requestBody: { required: true, content: json(Schema.Struct({ code: Schema.String })) },
          },
        ),
      },
      "/v1/tokens": {
        get: operation("All tokens, without their secrets. Scope `admin`.", {
          200: {
            description: "The tokens.",
            content: json(Schema.Struct({ tokens: Schema.Array(TokenInfo) })),
          },
        }),
        post: operation("Makes a token; the answer is the only place where it is told. Scope `admin`.", {
          201: {
            description: "The token.",
            content: json(Schema.Struct({ ...TokenInfo.fields, token: Schema.String })),
          },
        }),
      },
      "/v1/tokens/{id}": {
        delete: operation(
          "Revokes a token and closes its connections. Scope `admin`.",
          { 204: { description: "Revoked." } },
          { parameters: [pathParameter("id")] },
        ),
      },
      "/healthz": {
        get: operation("Whether the process answers.", { 200: { description: "Yes." } }, withoutAuth),
      },
      "/readyz": {
        get: operation(
          "Whether every account was seen at least once.",
          { 200: { description: "Yes." }, 503: { description: "Not yet." } },
          withoutAuth,
        ),
      },
      "/metrics": {
        get: operation(
          "Counters for Prometheus.",
          { 200: { description: "Text format 0.0.4." } },
          withoutAuth,
        ),
      },
    },
    components: {
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
      responses: {
        Failed: {
          description: "The same error object as on the websocket.",
          content: json(Schema.Struct({ error: ProtocolError })),
        },
      },
    },
  }
}
