import { Schema } from "effect"

const Cause = { cause: Schema.Defect() }

/**
 * The file is not an event log, or its pages are damaged. Nothing was changed. Move the file away or restore a copy.
 */
export class LogCorrupt extends Schema.TaggedError<LogCorrupt>()("LogCorrupt", Cause) {}

/** The disk is full. Earlier batches are kept; nothing of this batch was written. */
export class DiskFull extends Schema.TaggedError<DiskFull>()("DiskFull", Cause) {}

/** Another process has the log open. `pid` is its process id, `null` when that is not known. */
export class LogInUse extends Schema.TaggedError<LogInUse>()("LogInUse", {
  ...Cause,
  pid: Schema.NullOr(Schema.Int),
}) {}

/** The log was written by a newer version of this package. */
export class LogTooNew extends Schema.TaggedError<LogTooNew>()("LogTooNew", { version: Schema.Int }) {}

/** The folder is missing, the file is not writable, or the system reported another error. */
export class LogUnavailable extends Schema.TaggedError<LogUnavailable>()("LogUnavailable", Cause) {}

/** Events after the requested position are no longer kept: the log starts at `oldest`. */
export class CursorExpired extends Schema.TaggedError<CursorExpired>()("CursorExpired", {
  oldest: Schema.Int,
}) {}

/** A reader of this name is open already. A name belongs to one loop, subscription or `handleEvents` at a time. */
export class ReaderInUse extends Schema.TaggedError<ReaderInUse>()("ReaderInUse", { name: Schema.String }) {}

/** The name of a reader has 1 to 64 characters and no control characters. */
export class InvalidReaderName extends Schema.TaggedError<InvalidReaderName>()("InvalidReaderName", {
  name: Schema.String,
}) {}

const Reason = Schema.Union([
  LogCorrupt,
  DiskFull,
  LogInUse,
  LogTooNew,
  LogUnavailable,
  CursorExpired,
  ReaderInUse,
  InvalidReaderName,
])
type Reason = typeof Reason.Type

const sentence = (reason: Reason): string => {
  switch (reason._tag) {
    case "LogCorrupt":
      return "the event log is damaged; nothing was changed: restore a copy, or move the file away to start a new one"
    case "DiskFull":
      return "the disk is full: free some space; everything written before is kept"
    case "LogInUse": {
      const holder = reason.pid === null ? "another process" : `process ${reason.pid}`
      return `${holder} has the event log open: stop it, or connect to its broadcaster with @blink-streams/client`
    }
    case "LogTooNew":
      return "the event log was written by a newer version; use that one"
    case "LogUnavailable":
      return "the event log can't be opened or written: check its folder and permissions"
    case "CursorExpired":
      return "this is no position in the event log, or the events after it are no longer kept"
    case "ReaderInUse":
      return `the reader ${JSON.stringify(reason.name)} is open already: end its loop, or use another name`
    case "InvalidReaderName":
      return `${JSON.stringify(reason.name)} is no name of a reader: use 1 to 64 characters without control characters`
    default:
      return reason satisfies never
  }
}

const retryableReasons = new Set<Reason["_tag"]>(["DiskFull", "LogInUse", "LogUnavailable", "ReaderInUse"])

/**
 * The error of every event log operation. Match a reason with `Effect.catchReason("LogError", "CursorExpired",
 * handler)`.
 */
export class LogError extends Schema.TaggedError<LogError>()("LogError", {
  operation: Schema.String,
  reason: Reason,
}) {
  override get message(): string {
    return `${this.operation}: ${sentence(this.reason)}`
  }

  /** Tag of the reason (`DiskFull`, `ReaderInUse`, and so on), for code that switches on text. */
  get code(): Reason["_tag"] {
    return this.reason._tag
  }

  /** True when the same call may succeed later. */
  get retryable(): boolean {
    return retryableReasons.has(this.reason._tag)
  }

  /** Minimum wait before the next call, as in `BlinkError`. The log demands none. */
  get retryAfterMs(): number {
    return 0
  }
}
