import { Schema } from "effect"
import { commandFields } from "../../ClientMessage.ts"
import { EventPage } from "../../EventPage.ts"
import type { requiredScopes } from "../../requiredScopes.ts"
import { successFields } from "../outcomeFields.ts"
import { StateResponse, TokenInfo } from "./schemas.ts"

/** A response: what it means, and its body as a schema of JSON or as another media type. */
interface ResponseDescription {
  readonly description: string
  readonly json?: Schema.Constraint
  readonly mediaType?: string
}

/** An operation of the HTTP API. Every operation can also respond with the error object. */
export interface Operation {
  readonly summary: string
  /** Query parameters with their description. */
  readonly query?: Readonly<Record<string, string>>
  readonly body?: Schema.Constraint
  readonly responses: Readonly<Record<number, ResponseDescription>>
  /** Further statuses of the error object that clients handle. */
  readonly failures?: ReadonlyArray<number>
}

const filterParameters = {
  topics: "Topics, separated by commas. Default: all.",
  kinds: "Event kinds or patterns such as `clip.*`, separated by commas.",
  accounts: "Ids, separated by commas.",
  networks: "Ids, separated by commas.",
  cameras: "Ids, separated by commas.",
  minSeverity: "`info`, `notice`, `warning` or `alert`.",
  backfilled:
    "`true` includes the events from before an account was first monitored. Default: only with `since=beginning`.",
}

/** One operation per route of the permission table. */
export const operations: Readonly<Record<keyof (typeof requiredScopes)["routes"], Operation>> = {
  "GET /v1/state": {
    summary: "State of all accounts and its position in the event log.",
    responses: { 200: { description: "The state.", json: StateResponse } },
  },
  "GET /v1/events": {
    summary:
      "Event stream (Server-Sent Events); one page of the event log with `since`, `until` or `limit` and without `Accept: text/event-stream`.",
    query: {
      since:
        "Cursor, the events after it; a time (ISO 8601), the events from it on; or `beginning`. `Last-Event-ID` is equivalent for a stream.",
      until: "Cursor: the last events up to it. Default: the newest events. Not together with `since`.",
      limit: "Events per page: 1 to 1,000, default 100.",
      ...filterParameters,
    },
    responses: {
      200: {
        description:
          "A stream whose event ids are cursors, or a page. The stream ends when its token expires or is revoked.",
        json: EventPage,
        mediaType: "text/event-stream",
      },
    },
    failures: [410],
  },
  "POST /v1/commands": {
    summary: "Runs a command. Responds when a poll has confirmed the new state.",
    body: Schema.Struct(commandFields),
    responses: {
      200: { description: "The command is done and confirmed.", json: Schema.Struct(successFields) },
    },
  },
  "GET /v1/live/{account}/{kind}/{camera}": {
    summary: "Live video of a camera until the client disconnects. Wakes the camera.",
    responses: { 200: { description: "MPEG-TS.", mediaType: "video/mp2t" } },
  },
  "GET /v1/media/{account}/{file}": {
    summary: "A thumbnail or clip. State and events contain these URLs; they are signed and expire.",
    query: { expires: "Milliseconds since the Unix epoch.", signature: "Signature of the server." },
    responses: {
      200: { description: "The file." },
      206: { description: "Partial content." },
      304: { description: "Not modified." },
    },
  },
  "POST /v1/session": {
    summary: "Exchanges the code of a one-time link for a token.",
    body: Schema.Struct({ code: Schema.String }),
    responses: { 200: { description: "The token.", json: Schema.Struct({ token: Schema.String }) } },
  },
  "GET /v1/tokens": {
    summary: "Lists the tokens that permit no more than the token of the request, without their secrets.",
    responses: {
      200: { description: "The tokens.", json: Schema.Struct({ tokens: Schema.Array(TokenInfo) }) },
    },
  },
  "POST /v1/tokens": {
    summary: "Creates a token. Only this response contains its secret.",
    responses: {
      201: {
        description: "The token.",
        json: Schema.Struct({ ...TokenInfo.fields, token: Schema.String }),
      },
    },
  },
  "DELETE /v1/tokens/{id}": {
    summary: "Revokes a token and closes its connections.",
    responses: { 204: { description: "Revoked." } },
  },
  "GET /healthz": {
    summary: "Liveness of the process.",
    responses: { 200: { description: "Alive." } },
  },
  "GET /readyz": {
    summary: "Readiness: every account has been polled at least once.",
    responses: { 200: { description: "Ready." }, 503: { description: "Not ready." } },
  },
  "GET /metrics": {
    summary: "Prometheus metrics.",
    responses: { 200: { description: "Text format 0.0.4." } },
  },
  "GET /schema/v1/{name}": {
    summary: "A schema file of the protocol, such as `asyncapi.json`.",
    responses: { 200: { description: "The file.", mediaType: "application/json" } },
  },
  "GET /v1/docs": {
    summary: "The HTTP API as a web page.",
    responses: { 200: { description: "The page.", mediaType: "text/html" } },
  },
  "GET /": {
    summary: "The web page and its files. An upgrade request opens the websocket.",
    responses: {
      101: { description: "The websocket is open." },
      200: { description: "The page." },
    },
  },
}
