import { Duration, Schema } from "effect"
import { reasonInfo } from "./internal/errors/reasonInfo.ts"
import { type Category, Reason } from "./Reason.ts"

/**
 * The only error of this package: `Effect.catchReason("BlinkError", "Throttled", handler)`.
 *
 * `operation` names the failed request or step. Errors contain no secrets.
 *
 * `sent` says whether the request reached the cloud: `no` when it was never sent (request budget, circuit
 * breaker, no usable session, no connection), `yes` when the cloud responded, `unknown` when the connection
 * broke or no response came in time. A command with `no` may be sent again; with `unknown`, check the state
 * first. A request that the cloud turned away for its token and that could not be repeated with a new one is
 * `no`.
 */
export class BlinkError extends Schema.TaggedError<BlinkError>()("BlinkError", {
  operation: Schema.String,
  reason: Reason,
  sent: Schema.Literals(["no", "yes", "unknown"]),
}) {
  override get message(): string {
    return `${this.operation}: ${this.hint}`
  }

  /** Tag of the reason (`Throttled`, `SessionExpired`, and so on), for code that switches on text. */
  get code(): Reason["_tag"] {
    return this.reason._tag
  }

  get category(): Category {
    return reasonInfo(this.reason).category
  }

  /** True when the same *read* may succeed later without a user. Says nothing about commands. */
  get retryable(): boolean {
    return reasonInfo(this.reason).retryable
  }

  /** Minimum wait before the next request; zero when no wait is required. */
  get retryAfter(): Duration.Duration {
    return "retryAfter" in this.reason ? this.reason.retryAfter : Duration.zero
  }

  get retryAfterMs(): number {
    return Duration.toMillis(this.retryAfter)
  }

  /** Message for a user: the problem and the next step. */
  get hint(): string {
    return reasonInfo(this.reason).hint
  }
}

/** Wraps `reason` as the error of `operation`. */
export const blinkError = (operation: string, reason: Reason, sent: BlinkError["sent"]): BlinkError =>
  new BlinkError({ operation, reason, sent })
