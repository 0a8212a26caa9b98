import { Camera, Network, SyncModule } from "@blink-streams/model"
import { Schema } from "effect"

/**
 * What is believed of a home, and what is needed to go on believing: the checkpoint of the homescreen.
 *
 * It is not simply the last look. A device that one look lacks is still there, a camera that one look shows
 * offline is still online; `unsettled` has what must be seen a second time.
 */
export const DiffState = Schema.Struct({
  /** False before the first look, which is what all later ones are compared with. */
  hasBaseline: Schema.Boolean,
  networks: Schema.Array(Network),
  syncModules: Schema.Array(SyncModule),
  cameras: Schema.Array(Camera),
  /** By subject and field, what the last look showed and the next one has to confirm, or what it lacked. */
  pending: Schema.Record(Schema.String, Schema.Json),
  /** By kind and subject, how many such events there have been: the last part of an event's id. */
  ordinals: Schema.Record(Schema.String, Schema.Int),
  /** By source, the health that was told last. */
  health: Schema.Record(Schema.String, Schema.String),
})
export type DiffState = typeof DiffState.Type

/** Before the first look. */
export const initialDiffState: DiffState = {
  hasBaseline: false,
  networks: [],
  syncModules: [],
  cameras: [],
  pending: {},
  ordinals: {},
  health: {},
}
