import type { NetworkId } from "@blink-streams/model"
import { Clock, Duration, Effect } from "effect"
import type { BlinkApi } from "../../BlinkApi.ts"
import { blinkError, CommandFailed } from "../../BlinkError.ts"
import { oauth } from "../endpoints/catalog.ts"
import { commandOutcome } from "./commandOutcome.ts"

/** The app's own rhythm of asking after a command: soon, then every second, after a while every other. */
const pollDelay = (elapsed: number): Duration.Duration => {
  if (elapsed === 0) return Duration.millis(800)
  return elapsed < 15_000 ? Duration.seconds(1) : Duration.seconds(2)
}

/**
 * Asks after a command until it is over; `running` when the sync module is at it. `null` when no verdict came
 * within `patience` milliseconds. Fails with `CommandFailed`.
 */
export const pollCommand = Effect.fnUntraced(function* (
  api: BlinkApi["Service"],
  target: { readonly name: string; readonly network: NetworkId },
  commandId: number,
  timeoutMs: number,
  onRunning: Effect.Effect<void>,
) {
  const started = yield* Clock.currentTimeMillis
  let elapsed = 0
  while (elapsed < timeoutMs) {
    yield* Effect.sleep(pollDelay(elapsed))
    elapsed = (yield* Clock.currentTimeMillis) - started
    const result = yield* Effect.result(
      api.call(oauth.command, { network: target.network, command: commandId }),
    )
    if (result._tag === "Failure") {
      // The asking failed, not the command.
      if (result.failure.retryable) continue
      return yield* result.failure
    }
    const outcome = commandOutcome(result.success)
    if (outcome.status === "done") return outcome
    if (outcome.status === "failed") {
      const { statusCode, detail } = outcome
      return yield* blinkError(target.name, new CommandFailed({ statusCode, detail }))
    }
    if (outcome.running) yield* onRunning
  }
  return null
})
