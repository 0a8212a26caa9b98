import type { NetworkId } from "@blink-streams/model"
import { Clock, Duration, Effect } from "effect"
import type { BlinkApi } from "../../BlinkApi.ts"
import { blinkError } from "../../BlinkError.ts"
import { commandOutcome } from "./commandOutcome.ts"
import { CommandFailed } from "../../Reason.ts"

/** Poll delays of the vendor's app: 0.8 s first, then 1 s, after 15 s every 2 s. */
const pollDelay = (elapsed: number): Duration.Duration => {
  if (elapsed === 0) return Duration.millis(800)
  return elapsed < 15_000 ? Duration.seconds(1) : Duration.seconds(2)
}

/**
 * Polls a command until it is complete; runs `onRunning` while the sync module executes it. Returns `null`
 * when no outcome arrived within `timeoutMs`. Fails with `CommandFailed`.
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
    const result = yield* Effect.result(api.call("command", { network: target.network, command: commandId }))
    if (result._tag === "Failure") {
      // The poll failed, not the command.
      if (result.failure.retryable) continue
      return yield* result.failure
    }
    const outcome = commandOutcome(result.success)
    if (outcome.status === "done") return outcome
    if (outcome.status === "failed") {
      const { statusCode, detail } = outcome
      return yield* blinkError(target.name, new CommandFailed({ statusCode, detail }), "yes")
    }
    if (outcome.running) yield* onRunning
  }
  return null
})
