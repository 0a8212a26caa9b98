import { Camera, Network, SyncModule } from "@blink-streams/model"
import { Schema } from "effect"

/**
 * Confirmed state of an account and changes that await confirmation: the checkpoint of the homescreen poller.
 *
 * It is not simply the last snapshot: a device that is missing from one snapshot is still there, and a camera that is
 * offline in one snapshot is still online. `pending` has the changes that must be seen a second time.
 */
export const DiffState = Schema.Struct({
  /** False before the first snapshot, which produces no events. */
  hasBaseline: Schema.Boolean,
  networks: Schema.Array(Network),
  syncModules: Schema.Array(SyncModule),
  cameras: Schema.Array(Camera),
  /**
   * By subject and field: the value that the next snapshot has to confirm, or the last known value of a missing one.
   */
  pending: Schema.Record(Schema.String, Schema.Json),
  /** Number of events so far, by kind and subject: the last part of an event's id. */
  ordinals: Schema.Record(Schema.String, Schema.Int),
  /** Health that was reported last, by source. */
  health: Schema.Record(Schema.String, Schema.String),
})
export type DiffState = typeof DiffState.Type

/** State before the first snapshot. */
export const initialDiffState: DiffState = {
  hasBaseline: false,
  networks: [],
  syncModules: [],
  cameras: [],
  pending: {},
  ordinals: {},
  health: {},
}
