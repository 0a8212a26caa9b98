import { BlinkState, Cursor, Seq } from "@blink-streams/model"
import { Schema } from "effect"
import { Prompt } from "../../Prompt.ts"
import { TokenScope } from "../../ServerMessage.ts"

/** Response of `GET /v1/state`: a consistent snapshot. */
export const StateResponse = Schema.Struct({
  type: Schema.Literal("snapshot"),
  cursor: Cursor,
  epoch: Schema.String,
  seq: Seq,
  asOf: Schema.NullOr(Schema.String),
  ready: Schema.Boolean,
  state: BlinkState,
  prompts: Schema.Array(Prompt),
})

const nullableIds = Schema.NullOr(Schema.Array(Schema.Int))

/** A token without its secret. */
export const TokenInfo = Schema.Struct({
  id: Schema.String,
  name: Schema.String,
  scopes: Schema.Array(TokenScope),
  accounts: nullableIds,
  networks: nullableIds,
  cameras: Schema.NullOr(Schema.Array(Schema.Struct({ kind: Schema.String, id: Schema.Int }))),
  createdAt: Schema.Int,
  expiresAt: Schema.NullOr(Schema.Int),
})
