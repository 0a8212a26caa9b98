import { Schema } from "effect"

export const CommandStatus = Schema.Literals(["queued", "accepted", "running", "verifying", "done"])
export type CommandStatus = typeof CommandStatus.Type

/**
 * Progress of a command. `commandId` is local and the same in every progress event; `value` comes with
 * `done`.
 */
export const CommandProgress = Schema.Struct({
  commandId: Schema.String,
  status: CommandStatus,
  value: Schema.optionalKey(Schema.Json),
})
export type CommandProgress = typeof CommandProgress.Type
