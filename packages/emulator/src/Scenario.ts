import { Schema } from "effect"
import { ChangeInput, MediaChangeInput, MotionInput } from "./ControlInput.ts"

/** Exactly one of `motion`, `change` and `media`, once or repeatedly. Times are emulated and count from the start of the scenario. */
const Step = Schema.Struct({
  /** First run. Default: `every_ms`, or 0 without it. */
  at_ms: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))),
  /** Interval between runs. Default: the step runs once. */
  every_ms: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThanOrEqualTo(10))),
  /** Upper bound of a random delay of each run. Default: 0. */
  jitter_ms: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))),
  /** Number of runs. Default: no limit. */
  times: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThan(0))),
  motion: Schema.optionalKey(
    Schema.Struct({
      ...MotionInput.fields,
      /** The seed chooses among several cameras at each run. `any` stands for every camera. */
      camera: Schema.Union([MotionInput.fields.camera, Schema.NonEmptyArray(MotionInput.fields.camera)]),
    }),
  ),
  change: Schema.optionalKey(ChangeInput),
  media: Schema.optionalKey(MediaChangeInput),
})

/** Inputs of the control API at set times. `scenario.schema.json` is its JSON Schema. */
export const Scenario = Schema.Struct({
  name: Schema.NonEmptyString,
  about: Schema.optionalKey(Schema.String),
  steps: Schema.Array(Step),
})
export type Scenario = typeof Scenario.Type
