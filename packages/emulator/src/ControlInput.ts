import { Schema } from "effect"

/**
 * Bodies of the control API, which the methods of `Emulator` and `EmulatedCloud` take as well. Times are emulated
 * milliseconds, lengths of clips are seconds.
 */

const IdOrName = Schema.Union([Schema.Int, Schema.String])
const NonNegativeInt = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))
const Kind = Schema.Literals(["camera", "owl", "doorbell"])

/** A motion, or a press of a doorbell's button, that one camera records. */
export const MotionInput = Schema.Struct({
  /** Id or name. */
  camera: IdOrName,
  /** Selects the device when a camera and an owl share an id. */
  kind: Schema.optionalKey(Kind),
  /** `source` of the media item. Default: `cv_motion` for owls, `pir` for others. */
  source: Schema.optionalKey(Schema.String),
  /** Length of the clip in seconds. Default: 10. */
  duration: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 300 }))),
  /** Delay until the media list shows the clip. Default: 20 to 40 s, from the seed. */
  publish_after_ms: Schema.optionalKey(NonNegativeInt),
  /** Lists the clip as `partial` for the first 15 s. Default: false. */
  partial_first: Schema.optionalKey(Schema.Boolean),
  /** Records only if the network is armed and the camera is enabled and online, like the real product. Default: false. */
  when_armed: Schema.optionalKey(Schema.Boolean),
})
export type MotionInput = typeof MotionInput.Type

/** New properties of exactly one `network`, `camera` or `sync_module`. */
export const ChangeInput = Schema.Struct({
  network: Schema.optionalKey(IdOrName),
  camera: Schema.optionalKey(IdOrName),
  sync_module: Schema.optionalKey(IdOrName),
  kind: Schema.optionalKey(Kind),
  set: Schema.Struct({
    armed: Schema.optionalKey(Schema.Union([Schema.Boolean, Schema.Literal("toggle")])),
    enabled: Schema.optionalKey(Schema.Boolean),
    battery: Schema.optionalKey(Schema.Literals(["ok", "low"])),
    status: Schema.optionalKey(Schema.Literals(["online", "offline", "done"])),
    /** Degrees Fahrenheit. */
    temperature: Schema.optionalKey(Schema.Finite),
    /** Degrees Fahrenheit to add to the present temperature. */
    temperature_by: Schema.optionalKey(Schema.Finite),
    name: Schema.optionalKey(Schema.NonEmptyString),
    /** Bars, 0 to 5. */
    wifi: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 5 }))),
    lfr: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 5 }))),
    /** Listed as online, but completes no command. */
    unresponsive: Schema.optionalKey(Schema.Boolean),
    firmware: Schema.optionalKey(Schema.NonEmptyString),
    /** Adds a thumbnail without a command. */
    thumbnail: Schema.optionalKey(Schema.Literal(true)),
    usb: Schema.optionalKey(Schema.Literals(["active", "unmounted"])),
  }),
})
export type ChangeInput = typeof ChangeInput.Type

/** New properties of one media item. */
export const MediaChangeInput = Schema.Struct({
  id: Schema.Int,
  set: Schema.Struct({
    watched: Schema.optionalKey(Schema.Boolean),
    deleted: Schema.optionalKey(Schema.Boolean),
    /** Deleted by the cloud, as after the retention period: `media/changed` lists the item again, as deleted. */
    purged: Schema.optionalKey(Schema.Boolean),
  }),
})
export type MediaChangeInput = typeof MediaChangeInput.Type

/** A misbehaviour of the emulated cloud. The effects in `do` can be combined. */
export const FaultInput = Schema.Struct({
  match: Schema.optionalKey(
    Schema.Struct({
      /** Part of the path, or the whole path when it contains `*`, which matches any text. */
      path: Schema.optionalKey(Schema.String),
      method: Schema.optionalKey(Schema.String),
    }),
  ),
  /** Number of requests that the fault affects. Default: no limit. */
  times: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThan(0))),
  /** Share of the matching requests, 0 to 1, chosen by the seed. Default: 1. */
  probability: Schema.optionalKey(Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }))),
  do: Schema.Struct({
    /** Status of the response. The request has no effect. */
    status: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 100, maximum: 599 }))),
    body: Schema.optionalKey(Schema.Union([Schema.String, Schema.Record(Schema.String, Schema.Unknown)])),
    content_type: Schema.optionalKey(Schema.String),
    delay_ms: Schema.optionalKey(NonNegativeInt),
    /** Closes the connection `before` or `after` the request has its effect. Both are the same to a client. */
    drop: Schema.optionalKey(Schema.Literals(["before", "after"])),
    retry_after_s: Schema.optionalKey(NonNegativeInt),
    /** Announces the whole body, sends half of it and closes the connection. */
    truncate: Schema.optionalKey(Schema.Boolean),
    /** Sends half of the body followed by invalid bytes, with the original status and content type. */
    garbage: Schema.optionalKey(Schema.Boolean),
    /** Sends the body in 16 chunks with this delay between them. */
    drip_ms: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThan(0))),
    expire_tokens: Schema.optionalKey(Schema.Literals(["access", "refresh"])),
    advance_ms: Schema.optionalKey(Schema.Int),
  }),
})
export type FaultInput = typeof FaultInput.Type

/** Moves the emulated clock or sets its speed. */
export const ClockInput = Schema.Struct({
  /** Emulated milliseconds to advance by. */
  advance_ms: Schema.optionalKey(NonNegativeInt),
  /** Emulated seconds per real second. 0 stops the clock, which `advance_ms` still moves. */
  speed: Schema.optionalKey(Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0))),
})
export type ClockInput = typeof ClockInput.Type

/** One or more additional accounts. */
export const AccountInput = Schema.Struct({
  email: Schema.optionalKey(Schema.NonEmptyString),
  password: Schema.optionalKey(Schema.NonEmptyString),
  pin: Schema.optionalKey(Schema.NonEmptyString),
  /** Default: 2. */
  networks: Schema.optionalKey(NonNegativeInt),
  /** Cameras in all networks together. Default: 8. */
  cameras: Schema.optionalKey(NonNegativeInt),
  /** Number of accounts; their e-mail addresses are numbered. Default: 1. */
  count: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 100_000 }))),
  /** Default: 0. */
  clips_per_camera: Schema.optionalKey(NonNegativeInt),
})
export type AccountInput = typeof AccountInput.Type

/** Kind of the tokens to expire or to revoke. Default: `access`. */
export const TokenInput = Schema.Struct({ kind: Schema.optionalKey(Schema.Literals(["access", "refresh"])) })
export type TokenInput = typeof TokenInput.Type
