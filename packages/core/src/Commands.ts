import { Context, Layer, type Stream } from "effect"
import type { BlinkApi } from "./BlinkApi.ts"
import type { BlinkConfig } from "./BlinkConfig.ts"
import type { BlinkError } from "./BlinkError.ts"
import type { CommandProgress } from "./CommandProgress.ts"
import { makeCommands } from "./internal/commands/makeCommands.ts"
import type { NetworkQueue } from "./NetworkQueue.ts"
import type { Command } from "./Command.ts"

export class Commands extends Context.Service<
  Commands,
  {
    /**
     * Executes `command` and emits its status: `queued`, `accepted`, `running`, `verifying`, `done`. `done`
     * is emitted once a snapshot confirms the new state; its `value` holds details such as the new thumbnail.
     *
     * The cloud accepts a command at once, and the sync module executes one at a time. Commands for one
     * network are queued, a busy module is retried after 3, 8, 15 and 25 seconds, and a command equal to the
     * newest one in progress is joined instead of sent again. A command whose response was lost is never sent
     * again: snapshots are polled instead.
     *
     * `arm` and `disarm` poll first, unless `args.force` is set or the outcome of the last one is unknown. When that
     * poll, which begins after the call, shows the state already, nothing is sent; the value of `done` has `changed`
     * false, otherwise true. A poll that fails is no reason to leave the command out.
     *
     * **Errors.** `CommandFailed` when the module reports failure, `Busy` when it stays busy,
     * `OutcomeUnknown` when no outcome arrived within 60 s (120 s for a clip), `NotVerified` when no snapshot
     * shows the new state. Interruption stops the waiting, not the command.
     */
    run(command: Command): Stream.Stream<CommandProgress, BlinkError>
  }
>()("@blink-streams/core/Commands") {
  static readonly layer: Layer.Layer<Commands, never, BlinkApi | BlinkConfig | NetworkQueue> = Layer.effect(
    Commands,
    makeCommands,
  )
}
