import { type AccountId, type AccountState, Epoch } from "@blink-streams/model"
import { Effect, Random } from "effect"
import type { SqlClient } from "effect/sql"
import { LogCorrupt, LogError, LogTooNew } from "../../LogError.ts"
import type { LogStats } from "./retention.ts"
import { createTables, schemaVersion } from "./schema.ts"

/** 96 random bits, as hexadecimal text. */
const randomEpoch = Effect.map(
  Effect.all([Random.nextIntBetween(0, 2 ** 48 - 1), Random.nextIntBetween(0, 2 ** 48 - 1)]),
  (halves) => halves.map((half) => half.toString(16).padStart(12, "0")).join(""),
)

/** Returns the epoch of the log in the file; creates the tables in a new one. */
const openLog = Effect.fnUntraced(function* (sql: SqlClient.SqlClient) {
  const [version] = yield* sql<{ user_version: number }>`PRAGMA user_version`
  const found = version?.user_version ?? 0
  if (found > schemaVersion)
    return yield* new LogError({ operation: "open", reason: new LogTooNew({ version: found }) })
  if (found === 0) yield* createTables(sql, yield* randomEpoch)
  const [log] = yield* sql<{ epoch: string; newest: number }>`SELECT epoch, newest FROM log`
  if (log === undefined)
    return yield* new LogError({
      operation: "open",
      reason: new LogCorrupt({ cause: "the table `log` is empty" }),
    })
  return log
})

/** Reads the values of a log that are kept in memory. Creates the tables in a new file. */
export const openTables = Effect.fnUntraced(function* (sql: SqlClient.SqlClient) {
  const log = yield* openLog(sql)
  const [found] = yield* sql<{
    oldest: number | null
    newest: number | null
    bytes: number | null
    at: number | null
  }>`
    SELECT min(seq) AS oldest, max(seq) AS newest, sum(octet_length(body)) AS bytes,
      (SELECT recorded_at FROM events ORDER BY seq LIMIT 1) AS at FROM events`
  const newest = Math.max(log.newest, found?.newest ?? 0)
  const stats: LogStats = {
    oldest: found?.oldest ?? newest + 1,
    oldestAt: found?.at ?? Number.POSITIVE_INFINITY,
    newest,
    bytes: found?.bytes ?? 0,
  }
  const rows = yield* sql<{ account: AccountId; body: string }>`
    SELECT account, body FROM states ORDER BY account`
  const states = rows.map(({ account, body }): readonly [AccountId, AccountState] => [
    account,
    // Written by this log from a value of this type, so it is not validated.
    JSON.parse(body),
  ])
  return { epoch: Epoch.make(log.epoch), stats, states }
})
