import { AccountId, Timestamp } from "@blink-streams/model"
import { Schema } from "effect"

/** An action that a user must take. Every snapshot contains it until it is completed or expires. */
export const Prompt = Schema.Struct({
  id: Schema.String,
  kind: Schema.Literals(["two_factor", "reauth", "app_update", "blocked"]),
  account: AccountId,
  since: Timestamp,
  expiresAt: Schema.optionalKey(Timestamp),
  submitWith: Schema.Literal("prompt.submit"),
})
export type Prompt = typeof Prompt.Type
