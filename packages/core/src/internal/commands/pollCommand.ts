import type { NetworkId } from "@blink-streams/model"
import { Clock, type Duration, Effect, Option, Stream } from "effect"
import type { BlinkApi } from "../../BlinkApi.ts"
import { type BlinkError, blinkError } from "../../BlinkError.ts"
import { poll } from "../../poll.ts"
import { CommandFailed } from "../../Reason.ts"
import { type ReportedOutcome, commandOutcome } from "./commandOutcome.ts"

type DoneOutcome = Extract<ReportedOutcome, { readonly status: "done" }>

/**
 * Polls a command until it is complete; runs `onRunning` while the sync module executes it. `interval` is the delay
 * before each poll by the time since the start, in milliseconds. Fails with `CommandFailed`. A poll that fails with a
 * retryable error says nothing about the command.
 */
export const pollCommand = Effect.fnUntraced(function* (
  api: BlinkApi["Service"],
  target: { readonly name: string; readonly network: NetworkId },
  commandId: number,
  intervalAfter: (elapsedMs: number) => Duration.Duration,
  onRunning: Effect.Effect<void>,
): Effect.fn.Return<DoneOutcome, BlinkError> {
  const startedAt = yield* Clock.currentTimeMillis
  const interval = Effect.map(Clock.currentTimeMillis, (now) => intervalAfter(now - startedAt))
  yield* Effect.sleep(yield* interval)
  const done = yield* poll(api.call("command", { network: target.network, command: commandId }), {
    interval,
  }).pipe(
    Stream.mapEffect(
      Effect.fnUntraced(function* (state) {
        const outcome = commandOutcome(state)
        if (outcome.status === "failed") {
          const { statusCode, detail } = outcome
          return yield* blinkError(target.name, new CommandFailed({ statusCode, detail }), "yes")
        }
        if (outcome.status === "pending" && outcome.running) yield* onRunning
        return outcome
      }),
    ),
    Stream.filter((outcome) => outcome.status === "done"),
    Stream.runHead,
  )
  // The stream ends only with an error.
  return Option.getOrThrow(done)
})
