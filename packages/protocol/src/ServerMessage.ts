import {
  AccountId,
  AccountState,
  Epoch,
  BlinkEvent,
  BlinkState,
  Seq,
  SourceHealth,
  Timestamp,
} from "@blink-streams/model"
import { Schema, Tuple } from "effect"
import { RequestId } from "./ClientMessage.ts"
import { Prompt } from "./Prompt.ts"
import { ProtocolError } from "./ProtocolError.ts"

const optional = Schema.optionalKey

/** `read` sees, `control` sends commands, `admin` answers prompts and keeps tokens. Each includes those before it. */
export const TokenScope = Schema.Literals(["read", "control", "admin"])
export type TokenScope = typeof TokenScope.Type

/** How a `since` was met; `live` when there was none. */
export const Resume = Schema.Literals(["live", "up_to_date", "replayed", "cannot_replay"])
export type Resume = typeof Resume.Type

/** An event as it stands on the socket: media are addresses of the server, `replayed` marks one from the log. */
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
  /** Where this contract is served. */
  schema: Schema.String,
  limits: Schema.Struct({
    maxMessageBytes: Schema.Int,
    maxSubscriptions: Schema.Int,
    maxInFlight: Schema.Int,
    heartbeatMs: Schema.Int,
  }),
})
export type Hello = typeof Hello.Type

/** The token is accepted. Without `id` when it came with the upgrade. */
export const Ready = Schema.Struct({
  type: Schema.Literal("ready"),
  id: optional(RequestId),
  scopes: Schema.Array(TokenScope),
  accounts: Schema.Array(AccountId),
  capabilities: Schema.Array(Schema.String),
})
export type Ready = typeof Ready.Type

const resumeFields = {
  resume: Resume,
  /** Places of the log between `since` and `seq`. Those that pass the filter follow as events marked `replayed`. */
  replayed: Schema.Int,
}

/** One atomic cut: `state` holds what the events up to `seq` say; one of them that follows is not to be applied again. */
export const SnapshotMessage = Schema.Struct({
  type: Schema.Literal("snapshot"),
  id: RequestId,
  epoch: Epoch,
  seq: Seq,
  /** The oldest of the last good looks; `null` before the first. */
  asOf: Schema.NullOr(Timestamp),
  /** Whether every account has been seen at least once. */
  ready: Schema.Boolean,
  state: BlinkState,
  prompts: Schema.Array(Prompt),
  ...resumeFields,
})
export type SnapshotMessage = typeof SnapshotMessage.Type

/** The answer to a `subscribe` with `snapshot: "none"`. */
export const Subscribed = Schema.Struct({
  type: Schema.Literal("subscribed"),
  id: RequestId,
  epoch: Epoch,
  seq: Seq,
  ...resumeFields,
})

/** A newer state of one account that no event tells: another look, a temperature, the health of a source. */
export const StateMessage = Schema.Struct({
  type: Schema.Literal("state"),
  epoch: Epoch,
  /** The state is never older than the events up to here. */
  seq: Seq,
  state: AccountState,
})

/** A fact. `sub` names the subscriptions it matches. A filter leaves holes in `seq`; only `gap` means loss. */
export const EventMessage = Schema.Struct({
  type: Schema.Literal("event"),
  sub: Schema.Array(RequestId),
  epoch: Epoch,
  seq: Seq,
  event: WireEvent,
})
export type EventMessage = typeof EventMessage.Type

/** What lies after `from` up to `to` is lost to this subscription. A snapshot follows. */
export const Gap = Schema.Struct({
  type: Schema.Literal("gap"),
  id: RequestId,
  from: Seq,
  to: Seq,
  reason: Schema.Literals(["cursor_expired", "slow_consumer", "restart", "upstream"]),
  action: Schema.Literal("snapshot_follows"),
})

export const Unsubscribed = Schema.Struct({
  type: Schema.Literal("unsubscribed"),
  id: RequestId,
  subscription: RequestId,
})

/** All prompts that stand now, whenever they change. */
export const Prompts = Schema.Struct({ type: Schema.Literal("prompts"), prompts: Schema.Array(Prompt) })

export const CommandStatusMessage = Schema.Struct({
  type: Schema.Literal("command.status"),
  id: RequestId,
  status: Schema.Literals(["accepted", "queued", "running", "verifying"]),
})

/** The end of a command, a `cancel` or a `prompt.answer`: `value` when `ok`, else `error`. */
export const Result = Schema.Struct({
  type: Schema.Literal("result"),
  id: RequestId,
  ok: Schema.Boolean,
  value: optional(Schema.Json),
  error: optional(ProtocolError),
})

/** Without `id` it is about the connection. */
export const ErrorMessage = Schema.Struct({
  type: Schema.Literal("error"),
  id: optional(RequestId),
  error: ProtocolError,
})

/** Browsers cannot see pings, and an open socket does not mean that the cloud answers. */
export const Heartbeat = Schema.Struct({
  type: Schema.Literal("heartbeat"),
  epoch: Epoch,
  seq: Seq,
  serverTime: Timestamp,
  /** By source; the worst of the accounts that the token may see. */
  sources: Schema.Record(Schema.String, SourceHealth),
})

/** The server stops. Come back after about `reconnectAfterMs`, each client with its own spread. */
export const Shutdown = Schema.Struct({ type: Schema.Literal("shutdown"), reconnectAfterMs: Schema.Int })

/** All a server may send. Order on one socket: hello, ready, per subscription one answer, then the others. */
export const ServerMessage = Schema.Union([
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
  Result,
  ErrorMessage,
  Heartbeat,
  Shutdown,
]).pipe(Schema.toTaggedUnion("type"))
export type ServerMessage = typeof ServerMessage.Type
