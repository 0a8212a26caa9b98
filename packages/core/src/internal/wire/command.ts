import { Schema } from "effect"
import { fieldsOf, Anything, Flag, Int, arrayOf, nullish, Text } from "./fields.ts"

/** How far a command has come; `state_stage` names the station, `state_condition` whether it is over. */
const CommandRow = Schema.Struct({
  ...fieldsOf(
    Int,
    "id",
    "sm_ack",
    "lfr_ack",
    "sequence",
    "attempts",
    "duration",
    "opts_1",
    "target_id",
    "parent_command_id",
    "camera_id",
    "network_id",
    "account_id",
    "sync_module_id",
  ),
  ...fieldsOf(
    Text,
    "created_at",
    "updated_at",
    "execute_time",
    "command",
    "state_stage",
    "stage_rest",
    "stage_cs_db",
    "stage_cs_sent",
    "stage_sm",
    "stage_dev",
    "stage_lv",
    "stage_vs",
    "state_condition",
    "transaction",
    "player_transaction",
    "server",
    "by_whom",
    "debug",
    "target",
  ),
  ...fieldsOf(Anything, "stage_is", "siren_id", "firmware_id"),
  ...fieldsOf(Flag, "diagnostic"),
})

/**
 * What the cloud answers to an order: a row with an `id` to ask after. Minis and doorbells give a short one.
 * Without an `id` it is a message: a refusal, or something that was done at once.
 */
export const Receipt = Schema.Struct({
  commands: nullish(arrayOf(Anything)),
  ...fieldsOf(
    Int,
    "id",
    "sm_ack",
    "lfr_ack",
    "sequence",
    "attempts",
    "duration",
    "opts_1",
    "target_id",
    "camera_id",
    "network_id",
    "account_id",
    "sync_module_id",
    "code",
  ),
  ...fieldsOf(
    Text,
    "created_at",
    "updated_at",
    "execute_time",
    "command",
    "state_stage",
    "stage_rest",
    "stage_cs_db",
    "stage_cs_sent",
    "stage_sm",
    "stage_dev",
    "stage_vs",
    "state_condition",
    "transaction",
    "player_transaction",
    "server",
    "by_whom",
    "debug",
    "target",
    "state",
    "message",
  ),
  ...fieldsOf(Anything, "stage_is", "stage_lv", "parent_command_id", "siren_id", "firmware_id", "error"),
  ...fieldsOf(Flag, "diagnostic"),
  error_cause: nullish(Text),
  require_new_pin: nullish(Flag),
})
export type Receipt = typeof Receipt.Type

/**
 * The state of a command. `status_code` 908 means "not failed" from the first answer on; it is over once
 * `complete` is true.
 */
export const CommandState = Schema.Struct({
  complete: Flag,
  commands: nullish(arrayOf(CommandRow)),
  network_id: nullish(Int),
  status_type: nullish(Anything),
  ...fieldsOf(Int, "status", "status_code", "media_id"),
  status_msg: nullish(Text),
})
export type CommandState = typeof CommandState.Type

/** A sentence and a number. */
export const Message = Schema.Struct({
  ...fieldsOf(Text, "message"),
  ...fieldsOf(Int, "code", "id", "network_id"),
})
