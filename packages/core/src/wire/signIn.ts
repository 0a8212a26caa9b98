import { Schema } from "effect"
import { all, Anything, Int, list, maybe, Num, Text } from "./fields.ts"

/** A code was sent. Its status has changed before, so the body is what tells it. */
export const CodeSent = Schema.Struct({
  ...all(Text, "tsv_state", "phone"),
  ...all(Num, "next_time_in_secs"),
  ...all(list(Text), "tsv_methods"),
  ...all(Int, "user_id"),
})
export const CodeAccepted = Schema.Struct({ ...all(Text, "status", "redirect_url"), ...all(Int, "user_id") })

/** The refresh token is a new one each time; the one before is dead. `expires_in` is seconds. */
export const Tokens = Schema.Struct({
  access_token: Text,
  refresh_token: Text,
  expires_in: Num,
  ...all(Text, "token_type", "scope", "region", "tier"),
  ...all(Int, "account_id", "user_id"),
  client_id: maybe(Anything),
})
