import {
  AccountId,
  AccountState,
  Epoch,
  HomeEvent,
  HomeState,
  Seq,
  SourceHealth,
  Timestamp,
} from "@blink-streams/model"
import { Schema } from "effect"
import { RequestId } from "./ClientMessage.ts"
import { ProtocolError } from "./ProtocolError.ts"

const optional = Schema.optionalKey

export const Scope = Schema.Literals(["read", "control", "admin"])
export type Scope = typeof Scope.Type

/** Something a person must do. It stands in each snapshot until it is answered or has lapsed. */
export const Prompt = Schema.Struct({
  id: Schema.String,
  kind: Schema.Literals(["two_factor", "reauth", "app_update", "blocked"]),
  account: AccountId,
  since: Timestamp,
  expiresAt: optional(Timestamp),
  answerWith: Schema.Literal("prompt.answer"),
})
export type Prompt = typeof Prompt.Type

/** All a server may send. Order on one socket: hello, ready, per subscription one snapshot, then the others. */
export const ServerMessage = Schema.Union([
  Schema.Struct({
    type: Schema.Literal("hello"),
    protocol: Schema.Struct({ major: Schema.Int, minor: Schema.Int, minMinor: Schema.Int }),
    server: Schema.Struct({ name: Schema.String, version: Schema.String }),
    epoch: Epoch,
    auth: Schema.Array(Schema.String),
    capabilities: Schema.Array(Schema.String),
    schema: Schema.String,
    limits: Schema.Struct({
      maxMessageBytes: Schema.Int,
      maxSubscriptions: Schema.Int,
      maxInFlight: Schema.Int,
      heartbeatMs: Schema.Int,
    }),
  }),
  Schema.Struct({
    type: Schema.Literal("ready"),
    id: RequestId,
    scopes: Schema.Array(Scope),
    accounts: Schema.Array(AccountId),
  }),
  /** One atomic cut: `state` holds what the events up to `seq` say. `resume` tells how `since` was met. */
  Schema.Struct({
    type: Schema.Literal("snapshot"),
    id: RequestId,
    epoch: Epoch,
    seq: Seq,
    asOf: Schema.NullOr(Timestamp),
    ready: Schema.Boolean,
    state: HomeState,
    prompts: Schema.Array(Prompt),
  }),
  /** The answer to a `subscribe` without a snapshot: where the stream goes on, and what of the log follows first. */
  Schema.Struct({
    type: Schema.Literal("subscribed"),
    id: RequestId,
    epoch: Epoch,
    seq: Seq,
    resume: Schema.Literals(["live", "up_to_date", "replayed", "cannot_replay"]),
    replayed: Schema.Int,
  }),
  /** A newer state of one account that no event tells: another look, a temperature, the health of a source. */
  Schema.Struct({ type: Schema.Literal("state"), epoch: Epoch, seq: Seq, state: AccountState }),
  Schema.Struct({
    type: Schema.Literal("event"),
    sub: Schema.Array(RequestId),
    epoch: Epoch,
    seq: Seq,
    event: HomeEvent,
    /** From the log, not live. */
    replayed: optional(Schema.Boolean),
  }),
  /** What lies between is lost to this subscription. A snapshot follows. */
  Schema.Struct({
    type: Schema.Literal("gap"),
    id: RequestId,
    from: Seq,
    to: Seq,
    reason: Schema.Literals(["cursor_expired", "slow_consumer", "restart", "upstream"]),
    action: Schema.Literal("snapshot_follows"),
  }),
  Schema.Struct({ type: Schema.Literal("unsubscribed"), id: RequestId, subscription: RequestId }),
  Schema.Struct({ type: Schema.Literal("prompts"), prompts: Schema.Array(Prompt) }),
  Schema.Struct({
    type: Schema.Literal("command.status"),
    id: RequestId,
    status: Schema.Literals(["accepted", "queued", "running", "verifying"]),
  }),
  Schema.Struct({
    type: Schema.Literal("result"),
    id: RequestId,
    ok: Schema.Boolean,
    value: optional(Schema.Json),
    error: optional(ProtocolError),
  }),
  Schema.Struct({ type: Schema.Literal("error"), id: optional(RequestId), error: ProtocolError }),
  /** Browsers cannot see pings, and an open socket does not mean that the cloud answers. */
  Schema.Struct({
    type: Schema.Literal("heartbeat"),
    epoch: Epoch,
    seq: Seq,
    serverTime: Timestamp,
    sources: Schema.Record(Schema.String, SourceHealth),
  }),
  Schema.Struct({ type: Schema.Literal("shutdown"), reconnectAfterMs: Schema.Int }),
]).pipe(Schema.toTaggedUnion("type"))
export type ServerMessage = typeof ServerMessage.Type
