import { AccountId, CameraId, CameraKind, Epoch, NetworkId, Seq } from "@blink-streams/model"
import { Schema } from "effect"
import { Severity } from "./severity.ts"

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
  minSeverity: optional(Severity),
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

/** A wish, on the socket and in the body of `POST /v1/commands`. */
export const commandFields = {
  name: Schema.String,
  target: optional(CommandTarget),
  args: optional(Schema.Record(Schema.String, Schema.Json)),
  /** Sent again with the same key, a command is not run again: its outcome is told again. */
  idempotencyKey: optional(Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(128))),
  /** How long the caller waits for a verdict. */
  timeoutMs: optional(Schema.Int.check(Schema.isGreaterThan(0))),
  /** Compare and set: the command is refused unless this holds. */
  expect: optional(Schema.Struct({ armed: optional(Schema.Boolean) })),
}

/** Names the token; the first message unless the upgrade carried an `Authorization` header. */
export const Auth = Schema.Struct({
  type: Schema.Literal("auth"),
  id: RequestId,
  token: Schema.String.check(Schema.isMaxLength(512)),
  /** What the client understands; all of `hello.capabilities` when absent. */
  capabilities: optional(Schema.Array(Schema.String)),
})
export type Auth = typeof Auth.Type

/** `snapshot` is `full` when absent. With `since`, what the log has after that place is replayed. */
export const Subscribe = Schema.Struct({
  type: Schema.Literal("subscribe"),
  id: RequestId,
  /** Names of the vocabulary; `*` stands for all. */
  topics: Schema.Array(Schema.String),
  filter: optional(Filter),
  since: optional(Schema.Struct({ epoch: Epoch, seq: Seq })),
  snapshot: optional(Schema.Literals(["full", "none"])),
})
export type Subscribe = typeof Subscribe.Type

export const Unsubscribe = Schema.Struct({
  type: Schema.Literal("unsubscribe"),
  id: RequestId,
  subscription: RequestId,
})

export const CommandMessage = Schema.Struct({
  type: Schema.Literal("command"),
  id: RequestId,
  ...commandFields,
})
export type CommandMessage = typeof CommandMessage.Type

/** Stops waiting for a command; what the cloud has accepted may still take effect. */
export const Cancel = Schema.Struct({ type: Schema.Literal("cancel"), id: RequestId, command: RequestId })

/** Answers a prompt; needs `admin`. The value is never echoed or logged. */
export const PromptSubmit = Schema.Struct({
  type: Schema.Literal("prompt.answer"),
  id: RequestId,
  prompt: Schema.String,
  value: Schema.String.check(Schema.isMaxLength(512)),
})

/** All a client may send. Order on one socket: auth, then the others as they come. */
export const ClientMessage = Schema.Union([
  Auth,
  Subscribe,
  Unsubscribe,
  CommandMessage,
  Cancel,
  PromptSubmit,
]).pipe(Schema.toTaggedUnion("type"))
export type ClientMessage = typeof ClientMessage.Type
