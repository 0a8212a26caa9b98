import { Schema } from "effect"
import { fieldsOf, Anything, Int, arrayOf, nullish, Num, Text } from "./fields.ts"

/** Response that a code was sent. Recognised by its body, because its status has changed before. */
export const CodeSent = Schema.Struct({
  ...fieldsOf(Text, "tsv_state", "phone"),
  ...fieldsOf(Num, "next_time_in_secs"),
  ...fieldsOf(arrayOf(Text), "tsv_methods"),
  ...fieldsOf(Int, "user_id"),
})
export const CodeAccepted = Schema.Struct({
  ...fieldsOf(Text, "status", "redirect_url"),
  ...fieldsOf(Int, "user_id"),
})

/** The refresh token changes with every exchange; the previous one is invalid. `expires_in` is in seconds. */
export const TokenResponse = Schema.Struct({
  access_token: Text,
  refresh_token: Text,
  expires_in: Num,
  ...fieldsOf(Text, "token_type", "scope", "region", "tier"),
  ...fieldsOf(Int, "account_id", "user_id"),
  client_id: nullish(Anything),
})
