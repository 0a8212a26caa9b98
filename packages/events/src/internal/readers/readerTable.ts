import type { AccountId, Seq } from "@blink-streams/model"
import type { SqlClient } from "effect/sql"
import type { Database } from "../log/sqlite.ts"
import type { ReaderPosition } from "./ReaderPositions.ts"

/** The saved readers of a log. */
export const loadReaders = (sql: SqlClient.SqlClient) =>
  sql<{ account: AccountId; name: string; seq: Seq; savedAt: number }>`
    SELECT account, name, seq, saved_at AS savedAt FROM readers ORDER BY account, name`

export const insertReader = (sql: SqlClient.SqlClient, { account, name, seq }: ReaderPosition, now: number) =>
  sql`INSERT INTO readers (account, name, seq, saved_at) VALUES (${account}, ${name}, ${seq}, ${now})`

/** Writes the positions of readers that the table has, inside a transaction. */
export const updateReaders = ({ batch }: Database, positions: ReadonlyArray<ReaderPosition>, now: number) =>
  batch("UPDATE readers SET seq = ?, saved_at = ? WHERE account = ? AND name = ?", (run) => {
    for (const { account, name, seq } of positions) run(seq, now, account, name)
  })

export const deleteReader = (
  sql: SqlClient.SqlClient,
  { account, name }: Pick<ReaderPosition, "account" | "name">,
) => sql`DELETE FROM readers WHERE account = ${account} AND name = ${name}`
