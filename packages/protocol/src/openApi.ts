import { BlinkState, Cursor, Seq } from "@blink-streams/model"
import { type JsonSchema, Schema } from "effect"
import { commandFields } from "./ClientMessage.ts"
import { EventPage } from "./EventPage.ts"
import { failureFields, successFields } from "./internal/outcomeFields.ts"
import { Prompt } from "./Prompt.ts"
import { version } from "./protocol.ts"
import { TokenScope } from "./ServerMessage.ts"

type Json = Readonly<Record<string, unknown>>

/** Response of `GET /v1/state`: a consistent snapshot. */
const StateResponse = Schema.Struct({
  type: Schema.Literal("snapshot"),
  cursor: Cursor,
  epoch: Schema.String,
  seq: Seq,
  asOf: Schema.NullOr(Schema.String),
  ready: Schema.Boolean,
  state: BlinkState,
  prompts: Schema.Array(Prompt),
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

/** OpenAPI 3.1 document of the HTTP API that complements the websocket. */
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
        get: operation("State of all accounts and its position in the event log.", {
          200: { description: "The state.", content: json(StateResponse) },
        }),
      },
      "/v1/events": {
        get: operation(
          "Event stream (Server-Sent Events); one page of the event log with `since`, `until` or `limit` and without `Accept: text/event-stream`.",
          {
            200: {
              description:
                "A stream whose event ids are cursors, or a page. The stream ends when its token expires or is revoked.",
              content: { "text/event-stream": { schema: { type: "string" } }, ...json(EventPage) },
            },
            410: errorResponse,
          },
          {
            parameters: [
              queryParameter(
                "since",
                "Cursor: the events after it. `Last-Event-ID` is equivalent for a stream.",
              ),
              queryParameter(
                "until",
                "Cursor: the last events up to it. Default: the newest events. Not together with `since`.",
              ),
              queryParameter("limit", "Events per page: 1 to 1,000, default 100."),
              queryParameter("topics", "Topics, separated by commas. Default: all."),
              queryParameter("kinds", "Event kinds or patterns such as `clip.*`, separated by commas."),
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
          "Runs a command. Responds when a poll has confirmed the new state. Scope `control`.",
          {
            200: {
              description: "The command is done and confirmed.",
              content: json(Schema.Struct(successFields)),
            },
          },
          { requestBody: { required: true, content: json(Schema.Struct(commandFields)) } },
        ),
      },
      "/v1/live/{account}/{kind}/{camera}": {
        get: operation(
          "Live video of a camera until the client disconnects. Wakes the camera. Scope `control`.",
          { 200: { description: "MPEG-TS.", content: { "video/mp2t": { schema: { type: "string" } } } } },
          { parameters: [pathParameter("account"), pathParameter("kind"), pathParameter("camera")] },
        ),
      },
      "/v1/media/{account}/{file}": {
        get: operation(
          "A thumbnail or clip. State and events contain these URLs; they are signed and expire.",
          {
            200: { description: "The file." },
            206: { description: "Partial content." },
            304: { description: "Not modified." },
          },
          {
            ...withoutAuth,
            parameters: [
              pathParameter("account"),
              pathParameter("file"),
              queryParameter("expires", "Milliseconds since the Unix epoch."),
              queryParameter("signature", "Signature of the server."),
            ],
          },
        ),
      },
      "/v1/session": {
        post: operation(
          "Exchanges the code of a one-time link for a token.",
          { 200: { description: "The token.", content: json(Schema.Struct({ token: Schema.String })) } },
          {
            ...withoutAuth,
            requestBody: { required: true, content: json(Schema.Struct({ code: Schema.String })) },
          },
        ),
      },
      "/v1/tokens": {
        get: operation("Lists all tokens without their secrets. Scope `admin`.", {
          200: {
            description: "The tokens.",
            content: json(Schema.Struct({ tokens: Schema.Array(TokenInfo) })),
          },
        }),
        post: operation("Creates a token. Only this response contains its secret. Scope `admin`.", {
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
        get: operation("Liveness of the process.", { 200: { description: "Alive." } }, withoutAuth),
      },
      "/readyz": {
        get: operation(
          "Readiness: every account has been polled at least once.",
          { 200: { description: "Ready." }, 503: { description: "Not ready." } },
          withoutAuth,
        ),
      },
      "/metrics": {
        get: operation("Prometheus metrics.", { 200: { description: "Text format 0.0.4." } }, withoutAuth),
      },
    },
    components: {
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
      responses: {
        Failed: {
          description: "The error object of the websocket protocol.",
          content: json(Schema.Struct(failureFields)),
        },
      },
    },
  }
}
