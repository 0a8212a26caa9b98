import { Schema } from "effect"

const Cause = { cause: Schema.Defect() }

/** The file is not a log, or its pages are damaged. Nothing was changed; move the file away or restore a copy. */
export class LogCorrupt extends Schema.TaggedError<LogCorrupt>()("LogCorrupt", Cause) {}

/** The disk is full. What was written before stands; the batch at hand was not written at all. */
export class DiskFull extends Schema.TaggedError<DiskFull>()("DiskFull", Cause) {}

/** Another process has the log open. */
export class LogInUse extends Schema.TaggedError<LogInUse>()("LogInUse", Cause) {}

/** The log was written by a newer version of this package. */
export class LogTooNew extends Schema.TaggedError<LogTooNew>()("LogTooNew", { version: Schema.Int }) {}

/** The folder is missing, the file is not writable, or the system refused for another reason. */
export class LogUnavailable extends Schema.TaggedError<LogUnavailable>()("LogUnavailable", Cause) {}

/** The place asked for is no longer kept: what lies before `oldest` is gone. */
export class CursorExpired extends Schema.TaggedError<CursorExpired>()("CursorExpired", {
  oldest: Schema.Int,
}) {}

const sentences = {
  LogCorrupt:
    "the event log is damaged; nothing was changed: restore a copy, or move the file away to begin a new one",
  DiskFull: "the disk is full: free some space, nothing that was written is lost",
  LogInUse: "another process has the event log open",
  LogTooNew: "the event log was written by a newer version; use that one",
  LogUnavailable: "the event log can't be opened or written: check its folder and permissions",
  CursorExpired: "the place asked for is no longer in the event log",
} as const

/** The one error of an event log: `Effect.catchReason("LogError", "CursorExpired", …)`. */
export class LogError extends Schema.TaggedError<LogError>()("LogError", {
  operation: Schema.String,
  reason: Schema.Union([LogCorrupt, DiskFull, LogInUse, LogTooNew, LogUnavailable, CursorExpired]),
}) {
  override get message(): string {
    return `${this.operation}: ${sentences[this.reason._tag]}`
  }
}
