import { Schema } from "effect"

const Cause = { cause: Schema.Defect() }

/**
 * The file is not an event log, or its pages are damaged. Nothing was changed. Move the file away or restore a copy.
 */
export class LogCorrupt extends Schema.TaggedError<LogCorrupt>()("LogCorrupt", Cause) {}

/** The disk is full. Earlier batches are kept; nothing of this batch was written. */
export class DiskFull extends Schema.TaggedError<DiskFull>()("DiskFull", Cause) {}

/** Another process has the log open. */
export class LogInUse extends Schema.TaggedError<LogInUse>()("LogInUse", Cause) {}

/** The log was written by a newer version of this package. */
export class LogTooNew extends Schema.TaggedError<LogTooNew>()("LogTooNew", { version: Schema.Int }) {}

/** The folder is missing, the file is not writable, or the system reported another error. */
export class LogUnavailable extends Schema.TaggedError<LogUnavailable>()("LogUnavailable", Cause) {}

/** Events after the requested position are no longer kept: the log starts at `oldest`. */
export class CursorExpired extends Schema.TaggedError<CursorExpired>()("CursorExpired", {
  oldest: Schema.Int,
}) {}

const sentences = {
  LogCorrupt:
    "the event log is damaged; nothing was changed: restore a copy, or move the file away to start a new one",
  DiskFull: "the disk is full: free some space; everything written before is kept",
  LogInUse: "another process has the event log open",
  LogTooNew: "the event log was written by a newer version; use that one",
  LogUnavailable: "the event log can't be opened or written: check its folder and permissions",
  CursorExpired: "events after this position are no longer in the event log",
} as const

/**
 * The error of every event log operation. Match a reason with `Effect.catchReason("LogError", "CursorExpired",
 * handler)`.
 */
export class LogError extends Schema.TaggedError<LogError>()("LogError", {
  operation: Schema.String,
  reason: Schema.Union([LogCorrupt, DiskFull, LogInUse, LogTooNew, LogUnavailable, CursorExpired]),
}) {
  override get message(): string {
    return `${this.operation}: ${sentences[this.reason._tag]}`
  }
}
