import { AccountId, CameraId, CameraKind, NetworkId, Severity } from "@blink-streams/model"
import { Schema } from "effect"

/** Request id, chosen by the client, unique among its requests in flight. Every response repeats it. */
export const RequestId = Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(64))

const optional = Schema.optionalKey

/** Event filter of a subscription. Every given list must match; an empty filter matches all events but backfilled ones. */
export const Filter = Schema.Struct({
  accounts: optional(Schema.Array(AccountId)),
  networks: optional(Schema.Array(NetworkId)),
  cameras: optional(Schema.Array(CameraId)),
  /** Event kinds; a trailing `*` matches any ending: `clip.*`. */
  kinds: optional(Schema.Array(Schema.String)),
  minSeverity: optional(Severity),
  /** Includes the events from before the account was first monitored. Default: only after `since: "beginning"`. */
  backfilled: optional(Schema.Boolean),
})
export type Filter = typeof Filter.Type

/** Target of a command. A camera is identified by kind and id, because ids are unique only within a kind. */
export const CommandTarget = Schema.Struct({
  account: optional(AccountId),
  network: optional(NetworkId),
  camera: optional(CameraId),
  kind: optional(CameraKind),
})
export type CommandTarget = typeof CommandTarget.Type

/** Fields of a command, in the `command` message and in the body of `POST /v1/commands`. */
export const commandFields = {
  name: Schema.String,
  target: optional(CommandTarget),
  args: optional(Schema.Record(Schema.String, Schema.Json)),
  /** A command with a known key does not run again: the response repeats its outcome. */
  idempotencyKey: optional(Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(128))),
  /** Time limit for the outcome, in milliseconds. */
  timeoutMs: optional(Schema.Int.check(Schema.isGreaterThan(0))),
  /** Precondition: the command fails with `expectation_failed` unless the current state matches. */
  expect: optional(Schema.Struct({ armed: optional(Schema.Boolean) })),
}

/** Sends the token. Must be the first message unless the upgrade had an `Authorization` header. */
export const Auth = Schema.Struct({
  type: Schema.Literal("auth"),
  id: RequestId,
  token: Schema.String.check(Schema.isMaxLength(512)),
  /** Capabilities of the client. Default: all of `hello.capabilities`. */
  capabilities: optional(Schema.Array(Schema.String)),
})
export type Auth = typeof Auth.Type

/**
 * Subscribes to events. `snapshot` defaults to `full`. With `since`, the events after that cursor are replayed, those from
 * that time on (ISO 8601), or with `beginning` all that are kept. Any other text is no error: the response is
 * `cannot_replay`.
 */
export const Subscribe = Schema.Struct({
  type: Schema.Literal("subscribe"),
  id: RequestId,
  /** Topic names; `*` for all. */
  topics: Schema.Array(Schema.String),
  filter: optional(Filter),
  since: optional(Schema.String),
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

/** Cancels a command. A command that the cloud has accepted may still take effect. */
export const Cancel = Schema.Struct({ type: Schema.Literal("cancel"), id: RequestId, command: RequestId })

/** Submits the value that a prompt requires. The value is never echoed or logged. */
export const PromptSubmit = Schema.Struct({
  type: Schema.Literal("prompt.submit"),
  id: RequestId,
  prompt: Schema.String,
  value: Schema.String.check(Schema.isMaxLength(512)),
})

/** All messages of a client. The first one is `auth`; the others follow in any order. */
export const ClientMessage = Schema.Union([
  Auth,
  Subscribe,
  Unsubscribe,
  CommandMessage,
  Cancel,
  PromptSubmit,
]).pipe(Schema.toTaggedUnion("type"))
export type ClientMessage = typeof ClientMessage.Type
