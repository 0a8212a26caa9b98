import { Camera, Network, SyncModule } from "@blink-streams/model"
import { Schema } from "effect"

/**
 * What is believed of a home, and what is needed to go on believing: the checkpoint of the homescreen.
 *
 * It is not simply the last look. A device that one look lacks is still there, a camera that one look shows
 * offline is still online; `unsettled` has what must be seen a second time.
 */
export const HomeMemory = Schema.Struct({
  /** False before the first look, which is what all later ones are compared with. */
  looked: Schema.Boolean,
  networks: Schema.Array(Network),
  syncModules: Schema.Array(SyncModule),
  cameras: Schema.Array(Camera),
  /** By subject and field, what the last look showed and the next one has to confirm, or what it lacked. */
  unsettled: Schema.Record(Schema.String, Schema.Json),
  /** By kind and subject, how many such events there have been: the last part of an event's id. */
  ordinals: Schema.Record(Schema.String, Schema.Int),
  /** By source, the health that was told last. */
  health: Schema.Record(Schema.String, Schema.String),
})
export type HomeMemory = typeof HomeMemory.Type

/** Before the first look. */
export const nothingKnown: HomeMemory = {
  looked: false,
  networks: [],
  syncModules: [],
  cameras: [],
  unsettled: {},
  ordinals: {},
  health: {},
}
