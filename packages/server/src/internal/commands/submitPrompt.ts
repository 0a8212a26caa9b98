import { AccountMonitors, PromptGone } from "@blink-streams/events"
import { Effect, type Redacted, Result, SubscriptionRef } from "effect"
import { maySeeAccount, type Permissions } from "../../Permissions.ts"
import { makeCorrelationId } from "../errors/correlationId.ts"
import { logProtocolError } from "../errors/logProtocolError.ts"
import { toProtocolError } from "../errors/toProtocolError.ts"
import type { RecordedOutcome } from "./CommandRecords.ts"

/** Submits the value of a prompt. A prompt of an account that the token may not see is gone, like an unknown one. */
export const submitPrompt = Effect.fn("submitPrompt")(function* (
  permissions: Permissions,
  prompt: string,
  value: Redacted.Redacted,
) {
  const monitors = yield* AccountMonitors
  const prompts = yield* SubscriptionRef.get(monitors.prompts)
  const isVisible = prompts.some(({ id, account }) => id === prompt && maySeeAccount(permissions, account))
  const submitted = isVisible ? monitors.submitPrompt(prompt, value) : Effect.fail(new PromptGone({ prompt }))
  return yield* submitted.pipe(
    Effect.map((): RecordedOutcome => Result.succeed(null)),
    Effect.catch(
      Effect.fnUntraced(function* (error) {
        const failure = toProtocolError(error, yield* makeCorrelationId)
        yield* logProtocolError(failure)
        return Result.fail(failure)
      }),
    ),
  )
})
