import { Schema, Struct } from "effect"
import { Scenario } from "./Scenario.ts"
import { EmulatorSettings } from "./EmulatorSettings.ts"

/** Options of `startEmulator`, `runEmulator` and `Emulator.layer`. */
export interface EmulatorOptions {
  /** The same seed gives the same ids, names, tokens and pictures. Default: 1. */
  readonly seed?: number
  /** TCP port on 127.0.0.1. Default: 0, which is any free port. */
  readonly port?: number
  /** A bundled scenario by its name, or a scenario of your own. Default: `quiet`. */
  readonly scenario?: "quiet" | "home" | "busy" | Scenario
  /** Emulated seconds per real second. 0 stops the clock, which `clock({ advance_ms })` still moves. Default: 1. */
  readonly speed?: number
  /** Start of the emulated clock in milliseconds of the Unix epoch. Default: the present time. */
  readonly startAt?: number
  /** Settings that differ from their defaults. */
  readonly settings?: Partial<EmulatorSettings>
}

/** Options of the new world after a reset. A field that is absent keeps its present value. */
export const ResetInput = Schema.Struct({
  seed: Schema.optionalKey(Schema.Int),
  scenario: Schema.optionalKey(Schema.Union([Schema.String, Scenario])),
  settings: Schema.optionalKey(EmulatorSettings.mapFields(Struct.map(Schema.optionalKey))),
})
export type ResetInput = typeof ResetInput.Type
