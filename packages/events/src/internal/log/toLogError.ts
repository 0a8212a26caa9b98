import type { SqlError } from "effect/sql"
import { DiskFull, LogCorrupt, LogError, LogInUse, LogUnavailable } from "../../LogError.ts"
import { resultCode } from "./sqlite.ts"

/** Converts an error of SQLite into a `LogError`. */
export const toLogError = (operation: string) => (error: SqlError.SqlError | LogError) => {
  if (error._tag === "LogError") return error
  const cause = error.reason.cause
  const reasons: Record<number, typeof LogCorrupt | typeof DiskFull | typeof LogInUse> = {
    5: LogInUse,
    11: LogCorrupt,
    13: DiskFull,
    26: LogCorrupt,
  }
  const Reason = reasons[resultCode(cause) ?? 0] ?? LogUnavailable
  return new LogError({ operation, reason: new Reason({ cause }) })
}
