import { CameraId, CameraKind, Epoch, NetworkId, AccountId, Seq } from "@blink-streams/model"
import { Schema } from "effect"

/** Chosen by the client, unique among its requests in flight. Every answer carries it. */
export const RequestId = Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(64))

const optional = Schema.optionalKey

/** Each list given must match; an empty filter lets everything pass. */
export const Filter = Schema.Struct({
  accounts: optional(Schema.Array(AccountId)),
  networks: optional(Schema.Array(NetworkId)),
  cameras: optional(Schema.Array(CameraId)),
  /** Kinds by name, `*` at the end stands for the rest: `clip.*`. */
  kinds: optional(Schema.Array(Schema.String)),
})
export type Filter = typeof Filter.Type

/** Whom a command is for. A camera is named by kind and id, because ids are unique per kind only. */
export const CommandTarget = Schema.Struct({
  account: optional(AccountId),
  network: optional(NetworkId),
  camera: optional(CameraId),
  kind: optional(CameraKind),
})
export type CommandTarget = typeof CommandTarget.Type

/** All a client may send. Order on one socket: auth, then the others as they come. */
export const ClientMessage = Schema.Union([
  Schema.Struct({ type: Schema.Literal("auth"), id: RequestId, token: Schema.String }),
  Schema.Struct({
    type: Schema.Literal("subscribe"),
    id: RequestId,
    topics: Schema.Array(Schema.String),
    filter: optional(Filter),
    since: optional(Schema.Struct({ epoch: Epoch, seq: Seq })),
    snapshot: optional(Schema.Literals(["full", "none"])),
  }),
  Schema.Struct({ type: Schema.Literal("unsubscribe"), id: RequestId, subscription: RequestId }),
  Schema.Struct({
    type: Schema.Literal("command"),
    id: RequestId,
    name: Schema.String,
    target: optional(CommandTarget),
    args: optional(Schema.Record(Schema.String, Schema.Json)),
    idempotencyKey: optional(Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(128))),
    timeoutMs: optional(Schema.Int),
    expect: optional(Schema.Struct({ armed: optional(Schema.Boolean) })),
  }),
  Schema.Struct({ type: Schema.Literal("cancel"), id: RequestId, command: RequestId }),
  /** Answers a prompt; needs `admin`. The value is never echoed or logged. */
  Schema.Struct({
    type: Schema.Literal("prompt.answer"),
    id: RequestId,
    prompt: Schema.String,
    value: Schema.String,
  }),
]).pipe(Schema.toTaggedUnion("type"))
export type ClientMessage = typeof ClientMessage.Type
