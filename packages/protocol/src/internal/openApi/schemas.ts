import { AccountId, BlinkState, Cursor, Seq, Timestamp } from "@blink-streams/model"
import { Schema } from "effect"
import { Prompt } from "../../Prompt.ts"
import { TokenScope } from "../../ServerMessage.ts"

/** A durable reader of the event log, in the process of the server. */
const Reader = Schema.Struct({
  /** 0: the events of all accounts. */
  account: AccountId,
  name: Schema.String,
  /** Everything up to here was handled. */
  cursor: Cursor,
  lag: Schema.Struct({
    /** Events in the log after the cursor. */
    events: Schema.Int,
    /** Time since the first of them was recorded. */
    seconds: Schema.Finite,
    /** Part of the log's retention that they take: from 1 on, events are deleted before they are handled. */
    share: Schema.Finite,
  }),
  open: Schema.Boolean,
  savedAt: Timestamp,
})

/** Response of `GET /v1/state`: a consistent snapshot, and the readers of the accounts that the token may see. */
export const StateResponse = Schema.Struct({
  type: Schema.Literal("snapshot"),
  cursor: Cursor,
  epoch: Schema.String,
  seq: Seq,
  asOf: Schema.NullOr(Schema.String),
  ready: Schema.Boolean,
  state: BlinkState,
  prompts: Schema.Array(Prompt),
  readers: Schema.Array(Reader),
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
