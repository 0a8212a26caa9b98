import { Schema } from "effect"
import { fieldsOf, Anything, Flag, Int, arrayOf, nullish, Text } from "./fields.ts"

/** Progress of a command: `state_stage` is the current stage, `state_condition` its state. */
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
 * Response to a command: a row with an `id` to poll, in short form for Minis and doorbells. Without an `id`
 * it is a message: an error, or a command that is complete already.
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
 * State of a command. `status_code` 908 means "not failed" from the first response on; the command is
 * complete once `complete` is true.
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

/** Message with a code. */
export const Message = Schema.Struct({
  ...fieldsOf(Text, "message"),
  ...fieldsOf(Int, "code", "id", "network_id"),
})
