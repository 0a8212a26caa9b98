import { AccountId, Timestamp } from "@blink-streams/model"
import { Schema } from "effect"

/** Something a person must do. It stands in each snapshot until it is answered or has lapsed. */
export const Prompt = Schema.Struct({
  id: Schema.String,
  kind: Schema.Literals(["two_factor", "reauth", "app_update", "blocked"]),
  account: AccountId,
  since: Timestamp,
  expiresAt: Schema.optionalKey(Timestamp),
  answerWith: Schema.Literal("prompt.answer"),
})
export type Prompt = typeof Prompt.Type
