import type { SqlError } from "effect/sql"
import { DiskFull, LogCorrupt, LogError, LogInUse, LogUnavailable } from "../../LogError.ts"
import { readPid } from "./pidFile.ts"
import { resultCode } from "./sqlite.ts"

const reasonOf = (code: number, cause: unknown, filename: string | undefined): LogError["reason"] => {
  switch (code) {
    case 5:
      return new LogInUse({ cause, pid: filename === undefined ? null : readPid(filename) })
    case 11:
    case 26:
      return new LogCorrupt({ cause })
    case 13:
      return new DiskFull({ cause })
    default:
      return new LogUnavailable({ cause })
  }
}

/** Converts an error of SQLite into a `LogError`. With `filename` it names the process that has the log open. */
export const toLogError = (operation: string, filename?: string) => (error: SqlError.SqlError | LogError) => {
  if (error._tag === "LogError") return error
  const { cause } = error.reason
  return new LogError({ operation, reason: reasonOf(resultCode(cause) ?? 0, cause, filename) })
}
