import type { NetworkId } from "@blink-streams/model/Ids"
import { Clock, Duration, Effect } from "effect"
import type { BlinkApi } from "../BlinkApi.ts"
import { blinkError, CommandFailed } from "../BlinkError.ts"
import { oauth } from "../endpoints/catalog.ts"
import { verdict } from "./verdict.ts"

/** The app's own rhythm of asking after a command: soon, then every second, after a while every other. */
const pollWait = (elapsed: number): Duration.Duration => {
  if (elapsed === 0) return Duration.millis(800)
  return elapsed < 15_000 ? Duration.seconds(1) : Duration.seconds(2)
}

/**
 * Asks after a command until it is over; `running` when the sync module is at it. `null` when no verdict came
 * within `patience` milliseconds. Fails with `CommandFailed`.
 */
export const followCommand = Effect.fnUntraced(function* (
  api: BlinkApi["Service"],
  of: { readonly name: string; readonly network: NetworkId },
  command: number,
  patience: number,
  running: Effect.Effect<void>,
) {
  const started = yield* Clock.currentTimeMillis
  let elapsed = 0
  while (elapsed < patience) {
    yield* Effect.sleep(pollWait(elapsed))
    elapsed = (yield* Clock.currentTimeMillis) - started
    const state = yield* Effect.result(api.call(oauth.command, { network: of.network, command }))
    if (state._tag === "Failure") {
      // The asking failed, not the command.
      if (state.failure.retryable) continue
      return yield* state.failure
    }
    const outcome = verdict(state.success)
    if (outcome.is === "done") return outcome
    if (outcome.is === "failed") {
      const { statusCode, what } = outcome
      return yield* blinkError(of.name, new CommandFailed({ statusCode, what }))
    }
    if (outcome.running) yield* running
  }
  return null
})
