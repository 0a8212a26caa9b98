import {
  AccountId,
  AccountState,
  Cursor,
  Epoch,
  BlinkEvent,
  BlinkState,
  Seq,
  SourceHealth,
  Timestamp,
} from "@blink-streams/model"
import { Schema, Tuple } from "effect"
import { RequestId } from "./ClientMessage.ts"
import { failureFields, successFields } from "./internal/outcomeFields.ts"
import { Prompt } from "./Prompt.ts"
import { ProtocolError } from "./ProtocolError.ts"

const optional = Schema.optionalKey

/**
 * Token scope: `read` receives, `control` sends commands, `admin` completes prompts and manages tokens. Each
 * scope includes the previous ones.
 */
export const TokenScope = Schema.Literals(["read", "control", "admin"])
export type TokenScope = typeof TokenScope.Type

/** Result of a `since`; `live` without `since`. */
export const Resume = Schema.Literals(["live", "up_to_date", "replayed", "cannot_replay"])
export type Resume = typeof Resume.Type

/** An event on the websocket: media are URLs of the server; `replayed` is true for an event from the log. */
export const WireEvent = Schema.Union(BlinkEvent.members).mapMembers(
  Tuple.map(Schema.fieldsAssign({ replayed: optional(Schema.Boolean) })),
)
export type WireEvent = typeof WireEvent.Type

export const Hello = Schema.Struct({
  type: Schema.Literal("hello"),
  protocol: Schema.Struct({ major: Schema.Int, minor: Schema.Int, minMinor: Schema.Int }),
  server: Schema.Struct({ name: Schema.String, version: Schema.String }),
  epoch: Epoch,
  auth: Schema.Array(Schema.String),
  capabilities: Schema.Array(Schema.String),
  /** Path of the AsyncAPI document. */
  schema: Schema.String,
  limits: Schema.Struct({
    maxMessageBytes: Schema.Int,
    maxSubscriptions: Schema.Int,
    maxInFlight: Schema.Int,
    heartbeatMs: Schema.Int,
  }),
})
export type Hello = typeof Hello.Type

/** The token is accepted. `id` is absent when the token came with the upgrade request. */
export const Ready = Schema.Struct({
  type: Schema.Literal("ready"),
  id: optional(RequestId),
  scopes: Schema.Array(TokenScope),
  accounts: Schema.Array(AccountId),
  capabilities: Schema.Array(Schema.String),
})
export type Ready = typeof Ready.Type

/** Position in the log. Clients store `cursor`, and compare `seq` only within one `epoch`. */
const positionFields = { cursor: Cursor, epoch: Epoch, seq: Seq }

const resumeFields = {
  resume: Resume,
  /**
   * Number of log positions between `since` and `seq`. Events of these positions that match the filter follow
   * with `replayed: true`.
   */
  replayed: Schema.Int,
}

/**
 * A consistent snapshot: `state` reflects exactly the events up to `seq`. Do not apply replayed events up to
 * `seq` to it.
 */
export const SnapshotMessage = Schema.Struct({
  type: Schema.Literal("snapshot"),
  id: RequestId,
  ...positionFields,
  /** Time of the last successful poll, the oldest of all accounts; `null` before the first poll. */
  asOf: Schema.NullOr(Timestamp),
  /** True when every account has been polled at least once. */
  ready: Schema.Boolean,
  state: BlinkState,
  prompts: Schema.Array(Prompt),
  ...resumeFields,
})
export type SnapshotMessage = typeof SnapshotMessage.Type

/** Response to a `subscribe` with `snapshot: "none"`. */
export const Subscribed = Schema.Struct({
  type: Schema.Literal("subscribed"),
  id: RequestId,
  ...positionFields,
  ...resumeFields,
})

/**
 * The current state of one account after a change without an event: a new poll, a temperature, the health of a
 * source. `state` reflects all events up to `seq`.
 */
export const StateMessage = Schema.Struct({
  type: Schema.Literal("state"),
  ...positionFields,
  state: AccountState,
})

/**
 * An event. `sub` lists the matching subscriptions. Filtered subscriptions see gaps in `seq`; only a `gap`
 * message means loss.
 */
export const EventMessage = Schema.Struct({
  type: Schema.Literal("event"),
  sub: Schema.Array(RequestId),
  ...positionFields,
  event: WireEvent,
})
export type EventMessage = typeof EventMessage.Type

/** The events after `from` up to `to` are lost for this subscription. A snapshot follows. */
export const Gap = Schema.Struct({
  type: Schema.Literal("gap"),
  id: RequestId,
  from: Cursor,
  /** Cursor of the snapshot. */
  to: Cursor,
  reason: Schema.Literals(["cursor_expired", "slow_consumer", "restart", "upstream"]),
  action: Schema.Literal("snapshot_follows"),
})

export const Unsubscribed = Schema.Struct({
  type: Schema.Literal("unsubscribed"),
  id: RequestId,
  subscription: RequestId,
})

/** All open prompts, sent whenever the list changes. */
export const Prompts = Schema.Struct({ type: Schema.Literal("prompts"), prompts: Schema.Array(Prompt) })

export const CommandStatusMessage = Schema.Struct({
  type: Schema.Literal("command.status"),
  id: RequestId,
  status: Schema.Literals(["accepted", "queued", "running", "verifying"]),
})

const resultFields = { type: Schema.Literal("result"), id: RequestId }

/** Outcome of a `command`, `cancel` or `prompt.submit`, discriminated by `ok`. */
export const Result = Schema.Union([
  Schema.Struct({ ...resultFields, ...successFields }),
  Schema.Struct({ ...resultFields, ...failureFields }),
])
export type Result = typeof Result.Type

/** A rejected request. Without `id` the error concerns the connection. */
export const ErrorMessage = Schema.Struct({
  type: Schema.Literal("error"),
  id: optional(RequestId),
  error: ProtocolError,
})

/**
 * Sent every `limits.heartbeatMs`: browsers cannot see pings, and an open socket does not imply a reachable
 * cloud.
 */
export const Heartbeat = Schema.Struct({
  type: Schema.Literal("heartbeat"),
  ...positionFields,
  serverTime: Timestamp,
  /** Health by source; the worst of all accounts that the token can read. */
  sources: Schema.Record(Schema.String, SourceHealth),
})

/** The server shuts down. Reconnect after about `reconnectAfterMs`; each client adds random jitter. */
export const Shutdown = Schema.Struct({ type: Schema.Literal("shutdown"), reconnectAfterMs: Schema.Int })

/** Messages with one schema per `type`: all but `Result`. */
const uniqueMessages = Schema.Union([
  Hello,
  Ready,
  SnapshotMessage,
  Subscribed,
  StateMessage,
  EventMessage,
  Gap,
  Unsubscribed,
  Prompts,
  CommandStatusMessage,
  ErrorMessage,
  Heartbeat,
  Shutdown,
]).pipe(Schema.toTaggedUnion("type"))

/**
 * All messages of a server; `cases` has them by `type`. Order on one socket: `hello`, `ready`, one response per
 * subscription, then the others.
 */
export const ServerMessage = Object.assign(Schema.Union([...uniqueMessages.members, ...Result.members]), {
  cases: { ...uniqueMessages.cases, result: Result },
})
export type ServerMessage = typeof ServerMessage.Type
