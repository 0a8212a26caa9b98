import { Schema } from "effect"

/** The emulator cannot listen on `port`: another process uses it, or the operating system forbids it. */
export class PortUnavailable extends Schema.TaggedError<PortUnavailable>()("PortUnavailable", {
  port: Schema.Int,
  message: Schema.String,
}) {}
