import { Context, Layer, Schema, type Stream } from "effect"
import type { BlinkApi } from "./BlinkApi.ts"
import type { BlinkConfig } from "./BlinkConfig.ts"
import type { BlinkError } from "./BlinkError.ts"
import { makeCommands } from "./internal/commands/makeCommands.ts"
import type { NetworkQueue } from "./NetworkQueue.ts"
import type { Command } from "./Command.ts"

export const CommandStatus = Schema.Literals(["queued", "accepted", "running", "verifying", "done"])
export type CommandStatus = typeof CommandStatus.Type

/** One step of a command. `commandId` is ours and the same in every step; `value` comes with `done`. */
export const CommandProgress = Schema.Struct({
  commandId: Schema.String,
  status: CommandStatus,
  value: Schema.optionalKey(Schema.Json),
})
export type CommandProgress = typeof CommandProgress.Type

export class Commands extends Context.Service<
  Commands,
  {
    /**
     * Does what `wish` says and tells how far it got: `queued → accepted → running → verifying → done`. `done`
     * comes only once a look at the home agrees; with it `value`, as far as there is something to tell.
     *
     * The cloud accepts an order at once and the sync module carries it out later, one at a time; so orders to one
     * network wait for each other, a busy module is asked again after 3, 8, 15 and 25 s, and a wish that is
     * already under way is joined instead of sent twice. Nothing is ever sent again after an answer that got
     * lost: the home is looked at instead.
     *
     * **Errors.** `CommandFailed` when the module reports failure, `Busy` when it stays busy, `OutcomeUnknown`
     * when no verdict came within 60 s (120 s for a clip), `NotVerified` when the home disagrees.
     * Interruption stops the waiting, not the command.
     */
    run(command: Command): Stream.Stream<CommandProgress, BlinkError>
  }
>()("@blink-streams/core/Commands") {
  static readonly layer: Layer.Layer<Commands, never, BlinkApi | BlinkConfig | NetworkQueue> = Layer.effect(
    Commands,
    makeCommands,
  )
}
