import { Schema } from "effect"
import { AccountId, CameraId, CameraKind, ClipId, NetworkId, SyncModuleId } from "./Ids.ts"
import { ArmState, BatteryState, Camera, DetectionState, Network, OnlineState } from "./Snapshot.ts"
import { Timestamp } from "./Timestamp.ts"

/** Identity of an event. The same occurrence has the same id after a restart and on every node. */
export const EventId = Schema.String.pipe(Schema.brand("EventId"))
export type EventId = typeof EventId.Type

/** Poller or component that produced the event. */
export const EventSource = Schema.Literals([
  "state",
  "clips",
  "legacy_events",
  "usb_storage",
  "command",
  "session",
  "log",
])
export type EventSource = typeof EventSource.Type

/**
 * Device or account that an event concerns. Ids are the cloud's; `kind` belongs to `camera`; `name` is the
 * name at that time.
 */
export const Subject = Schema.Struct({
  account: AccountId,
  network: Schema.optionalKey(NetworkId),
  camera: Schema.optionalKey(CameraId),
  kind: Schema.optionalKey(CameraKind),
  syncModule: Schema.optionalKey(SyncModuleId),
  name: Schema.optionalKey(Schema.String),
})
export type Subject = typeof Subject.Type

const eventSchema = <const Kind extends string, Data extends Schema.Struct.Fields>(kind: Kind, data: Data) =>
  Schema.Struct({
    kind: Schema.Literal(kind),
    id: EventId,
    /** Time of the occurrence, by the clock of the device or the cloud. */
    occurredAt: Timestamp,
    /** Time at which this program read it. The difference to `occurredAt` is the delay. */
    observedAt: Timestamp,
    source: EventSource,
    subject: Subject,
    data: Schema.Struct(data),
    /** The cloud listed it already when the account was first monitored: history, which no alert is for. */
    backfilled: Schema.optionalKey(Schema.Literal(true)),
  })

const optional = Schema.optionalKey
const fromTo = <S extends Schema.Top>(value: S) => ({ from: value, to: value })

const clipFields = {
  clipId: ClipId,
  cause: Schema.String,
  storage: Schema.Literals(["cloud", "local"]),
  durationSeconds: optional(Schema.Finite),
  partial: optional(Schema.Boolean),
  thumbnail: optional(Schema.String),
  clip: optional(Schema.String),
}

/** Union of all events of an account, discriminated by `kind`. */
export const BlinkEvent = Schema.Union([
  eventSchema("motion", {
    clipId: ClipId,
    cause: Schema.String,
    durationSeconds: optional(Schema.Finite),
    thumbnail: optional(Schema.String),
    clip: optional(Schema.String),
  }),
  eventSchema("doorbell.pressed", {
    clipId: optional(ClipId),
    thumbnail: optional(Schema.String),
    clip: optional(Schema.String),
  }),
  eventSchema("clip.added", clipFields),
  eventSchema("clip.updated", clipFields),
  eventSchema("clip.watched", clipFields),
  eventSchema("clip.deleted", clipFields),
  eventSchema("arm.changed", {
    ...fromTo(ArmState),
    by: Schema.Literals(["command", "schedule", "external", "unknown"]),
  }),
  eventSchema("detection.changed", fromTo(DetectionState)),
  eventSchema("snooze.changed", fromTo(Schema.NullOr(Schema.Boolean))),
  eventSchema("online.changed", fromTo(OnlineState)),
  eventSchema("battery.changed", fromTo(BatteryState)),
  eventSchema(
    "signal.changed",
    fromTo(Schema.Struct({ wifiBars: Schema.NullOr(Schema.Int), hubBars: Schema.NullOr(Schema.Int) })),
  ),
  eventSchema("temperature.crossed", {
    from: Schema.Struct({ celsius: Schema.Finite }),
    to: Schema.Struct({ celsius: Schema.Finite }),
    limit: Schema.Struct({ celsius: Schema.Finite }),
  }),
  eventSchema("device.added", { to: optional(Camera) }),
  eventSchema("device.removed", { from: optional(Camera) }),
  eventSchema("device.renamed", fromTo(Schema.String)),
  eventSchema("device.moved", fromTo(NetworkId)),
  eventSchema("firmware.changed", fromTo(Schema.NullOr(Schema.String))),
  eventSchema("network.added", { to: optional(Network) }),
  eventSchema("network.removed", { from: optional(Network) }),
  eventSchema("network.renamed", fromTo(Schema.String)),
  eventSchema("storage.changed", fromTo(Schema.NullOr(Schema.String))),
  eventSchema("thumbnail.changed", { takenAt: Schema.NullOr(Timestamp), url: Schema.String }),
  eventSchema("command.progress", {
    commandId: Schema.String,
    name: Schema.String,
    status: Schema.Literals(["queued", "accepted", "running", "verifying", "done", "failed"]),
    error: optional(Schema.String),
  }),
  eventSchema("session.changed", {
    ...fromTo(Schema.String),
    reason: optional(Schema.String),
    until: optional(Timestamp),
  }),
  /** Polls of one source fail, or succeed again. */
  eventSchema("health.changed", {
    source: EventSource,
    ...fromTo(Schema.String),
    reason: optional(Schema.String),
    until: optional(Timestamp),
  }),
  eventSchema("schema.drift", { path: Schema.String, reason: Schema.String, count: Schema.Int }),
  /** One source could not be read between `from` and `to`: events may be missing. */
  eventSchema("gap", {
    source: EventSource,
    from: Schema.NullOr(Timestamp),
    to: Schema.NullOr(Timestamp),
    reason: Schema.String,
  }),
]).pipe(Schema.toTaggedUnion("kind"))
export type BlinkEvent = typeof BlinkEvent.Type
export type EventKind = BlinkEvent["kind"]
/** Event type of one kind: `EventOf<"motion">`. */
export type EventOf<Kind extends EventKind> = Extract<BlinkEvent, { readonly kind: Kind }>

/** Identifier of one event log. It changes when the log cannot be continued. */
export const Epoch = Schema.String.pipe(Schema.brand("Epoch"))
export type Epoch = typeof Epoch.Type

/** Position in one log: consecutive from 1; 0 is the position before the first event. */
export const Seq = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)).pipe(Schema.brand("Seq"))
export type Seq = typeof Seq.Type

/** An event with its position in the log. */
export const RecordedEvent = Schema.Struct({ epoch: Epoch, seq: Seq, event: BlinkEvent })
export type RecordedEvent = typeof RecordedEvent.Type

/**
 * Position in a log, as text. It is opaque outside the log: compare cursors for equality only, and pass them as `since`
 * unchanged.
 */
export const Cursor = Schema.String.pipe(Schema.brand("Cursor"))
export type Cursor = typeof Cursor.Type

/** An event with its cursor: the envelope of observables, async iterables and the websocket client. */
export type CursorEvent<Kind extends EventKind = EventKind> = {
  readonly [One in Kind]: EventOf<One> & {
    /** Pass it as `since` to continue after this event. */
    readonly cursor: Cursor
    /** True when the event was read from the log, false when it was delivered as it occurred. */
    readonly replayed: boolean
  }
}[Kind]

/** Formats a position as a cursor. */
export const formatCursor = (position: { readonly epoch: Epoch; readonly seq: Seq }): Cursor =>
  Cursor.make(`${position.epoch}:${position.seq}`)

/** Parses a cursor. Returns `null` when `text` has another form. */
export const parseCursor = (text: string): { readonly epoch: Epoch; readonly seq: Seq } | null => {
  const match = /^([^:]+):(\d{1,15})$/.exec(text)
  return match ? { epoch: Epoch.make(match[1]!), seq: Seq.make(Number(match[2])) } : null
}
