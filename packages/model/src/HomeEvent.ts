import { Schema } from "effect"
import { AccountId, CameraId, CameraKind, ClipId, NetworkId, SyncModuleId } from "./Ids.ts"
import { ArmState, BatteryState, Camera, DetectionState, Network, OnlineState } from "./Snapshot.ts"
import { Timestamp } from "./Timestamp.ts"

/** The same upstream fact has the same id after a restart and on another node. */
export const EventId = Schema.String.pipe(Schema.brand("EventId"))
export type EventId = typeof EventId.Type

/** Which look told us. */
export const EventSource = Schema.Literals([
  "homescreen",
  "media",
  "events",
  "local_storage",
  "command",
  "session",
  "log",
])
export type EventSource = typeof EventSource.Type

/** Whom an event is about. Ids are the cloud's; `kind` belongs to `camera`; `name` is the one it had then. */
export const Subject = Schema.Struct({
  account: AccountId,
  network: Schema.optionalKey(NetworkId),
  camera: Schema.optionalKey(CameraId),
  kind: Schema.optionalKey(CameraKind),
  syncModule: Schema.optionalKey(SyncModuleId),
  name: Schema.optionalKey(Schema.String),
})
export type Subject = typeof Subject.Type

const event = <const Kind extends string, Data extends Schema.Struct.Fields>(kind: Kind, data: Data) =>
  Schema.Struct({
    kind: Schema.Literal(kind),
    id: EventId,
    /** When it happened, by the clock of the device or the cloud. */
    occurredAt: Timestamp,
    /** When we saw it. The difference is the lag. */
    observedAt: Timestamp,
    source: EventSource,
    subject: Subject,
    data: Schema.Struct(data),
  })

const optional = Schema.optionalKey
const change = <S extends Schema.Top>(value: S) => ({ from: value, to: value })

const clip = {
  clipId: ClipId,
  cause: Schema.String,
  storage: Schema.Literals(["cloud", "local"]),
  durationSeconds: optional(Schema.Finite),
  partial: optional(Schema.Boolean),
  thumbnail: optional(Schema.String),
  clip: optional(Schema.String),
}

/** Everything that can be told about a home, told apart by `kind`. */
export const HomeEvent = Schema.Union([
  event("motion", {
    clipId: ClipId,
    cause: Schema.String,
    durationSeconds: optional(Schema.Finite),
    thumbnail: optional(Schema.String),
    clip: optional(Schema.String),
  }),
  event("doorbell.pressed", {
    clipId: optional(ClipId),
    thumbnail: optional(Schema.String),
    clip: optional(Schema.String),
  }),
  event("clip.added", clip),
  event("clip.updated", clip),
  event("clip.watched", clip),
  event("clip.deleted", clip),
  event("arm.changed", {
    ...change(ArmState),
    by: Schema.Literals(["command", "program", "someone", "unknown"]),
  }),
  event("detection.changed", change(DetectionState)),
  event("snooze.changed", change(Schema.NullOr(Schema.Boolean))),
  event("online.changed", change(OnlineState)),
  event("battery.changed", change(BatteryState)),
  event(
    "signal.changed",
    change(Schema.Struct({ wifiBars: Schema.NullOr(Schema.Int), hubBars: Schema.NullOr(Schema.Int) })),
  ),
  event("temperature.crossed", {
    from: Schema.Struct({ celsius: Schema.Finite }),
    to: Schema.Struct({ celsius: Schema.Finite }),
    limit: Schema.Struct({ celsius: Schema.Finite }),
  }),
  event("device.added", { to: optional(Camera) }),
  event("device.removed", { from: optional(Camera) }),
  event("device.renamed", change(Schema.String)),
  event("device.moved", change(NetworkId)),
  event("firmware.changed", change(Schema.NullOr(Schema.String))),
  event("network.added", { to: optional(Network) }),
  event("network.removed", { from: optional(Network) }),
  event("network.renamed", change(Schema.String)),
  event("storage.changed", change(Schema.NullOr(Schema.String))),
  event("thumbnail.changed", { takenAt: Schema.NullOr(Timestamp), url: Schema.String }),
  event("command.progress", {
    commandId: Schema.String,
    name: Schema.String,
    status: Schema.Literals(["queued", "accepted", "running", "verifying", "done", "failed"]),
    error: optional(Schema.String),
  }),
  event("session.changed", {
    ...change(Schema.String),
    reason: optional(Schema.String),
    until: optional(Timestamp),
  }),
  event("health.changed", {
    what: Schema.String,
    ...change(Schema.String),
    reason: optional(Schema.String),
    until: optional(Timestamp),
  }),
  event("drift", { path: Schema.String, reason: Schema.String, count: Schema.Int }),
  /** What one source showed between `from` and `to` could not be read any more: facts may be missing. */
  event("gap", {
    what: Schema.String,
    from: Schema.NullOr(Timestamp),
    to: Schema.NullOr(Timestamp),
    reason: Schema.String,
  }),
]).pipe(Schema.toTaggedUnion("kind"))
export type HomeEvent = typeof HomeEvent.Type
export type EventKind = HomeEvent["kind"]
/** The event of one kind: `EventOf<"motion">`. */
export type EventOf<Kind extends EventKind> = Extract<HomeEvent, { readonly kind: Kind }>

/** Names one log; it changes when the log cannot be continued. */
export const Epoch = Schema.String.pipe(Schema.brand("Epoch"))
export type Epoch = typeof Epoch.Type

/** Place in one log: dense and rising from 1; 0 stands before the first event. */
export const Seq = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)).pipe(Schema.brand("Seq"))
export type Seq = typeof Seq.Type

/** An event with its place in a log. */
export const RecordedEvent = Schema.Struct({ epoch: Epoch, seq: Seq, event: HomeEvent })
export type RecordedEvent = typeof RecordedEvent.Type

/** `epoch:seq` as text: where a reader goes on. */
export const formatCursor = (place: { readonly epoch: Epoch; readonly seq: Seq }): string =>
  `${place.epoch}:${place.seq}`

/** Reads `epoch:seq`; `null` when `text` is not one. */
export const parseCursor = (text: string): { readonly epoch: Epoch; readonly seq: Seq } | null => {
  const match = /^([^:]+):(\d{1,15})$/.exec(text)
  return match ? { epoch: Epoch.make(match[1]!), seq: Seq.make(Number(match[2])) } : null
}
