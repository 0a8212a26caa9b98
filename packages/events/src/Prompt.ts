import type { AccountId, Timestamp } from "@blink-streams/model"
import { Schema } from "effect"

/** A step that only a person can do. It stays until it is done or no longer needed. */
export interface AccountPrompt {
  readonly id: string
  readonly kind: "two_factor" | "reauth" | "app_update" | "blocked"
  readonly account: AccountId
  readonly since: Timestamp
  readonly expiresAt?: Timestamp
}

/** The prompt does not exist (any more), or submitting a value cannot resolve it. */
export class PromptGone extends Schema.TaggedError<PromptGone>()("PromptGone", { prompt: Schema.String }) {}
