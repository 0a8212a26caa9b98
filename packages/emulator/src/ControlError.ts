import { Schema } from "effect"

/** An option or a control request is invalid. `field` is its path in the input, such as `set.battery`. */
export class ControlError extends Schema.TaggedError<ControlError>()("ControlError", {
  field: Schema.String,
  message: Schema.String,
}) {}
