import type { AccountId, Timestamp } from "@blink-streams/model"
import { Schema } from "effect"

/** Something that only a person can do. It stays until it is done. */
export interface Prompt {
  readonly id: string
  readonly kind: "two_factor" | "reauth" | "app_update" | "blocked"
  readonly account: AccountId
  readonly since: Timestamp
  readonly expiresAt?: Timestamp
}

/** There is no such prompt (any more), or it is not one that an answer can end. */
export class PromptGone extends Schema.TaggedError<PromptGone>()("PromptGone", { prompt: Schema.String }) {}
