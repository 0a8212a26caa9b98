import { Effect, Semaphore, Stream } from "effect"
import { Reactivity } from "effect/reactivity"
import { SqlClient, type SqlConnection, SqlError, Statement } from "effect/sql"
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite"

/** Result code of SQLite (`SQLITE_FULL` is 13) without its extension bits; `null` for another error. */
export const resultCode = (cause: unknown): number | null =>
  cause instanceof Error && "errcode" in cause && typeof cause.errcode === "number"
    ? cause.errcode & 0xff
    : null

const attempt = <A>(operation: string, evaluate: () => A): Effect.Effect<A, SqlError.SqlError> =>
  Effect.try({
    try: evaluate,
    catch: (cause) => {
      // node:sqlite calls the result code `errcode`, Effect's classifier reads `errno`.
      const error =
        cause instanceof Error && "errcode" in cause ? Object.assign(cause, { errno: cause.errcode }) : cause
      const reason = SqlError.classifySqliteError(error, { message: `sqlite ${operation}`, operation })
      return new SqlError.SqlError({ reason })
    },
  })

/**
 * A `SqlClient` over `node:sqlite`, until the ecosystem's own package has a release for Effect 4.1.
 *
 * Statements are prepared once per text. The file is locked exclusively, because only the process that appends can
 * notify the readers. Calls are synchronous and a long scan blocks the process, so reads are paged.
 */
export const openSqlite = Effect.fnUntraced(function* (filename: string) {
  const db = yield* Effect.acquireRelease(
    attempt("open", () => {
      const db = new DatabaseSync(filename)
      try {
        db.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
      } catch (cause) {
        db.close()
        throw cause
      }
      return db
    }),
    (db) => Effect.sync(() => db.close()),
  )
  const prepared = new Map<string, { readonly statement: StatementSync; readonly reads: boolean }>()
  const prepare = (sql: string) => {
    const known = prepared.get(sql)
    if (known !== undefined) return known
    const statement = db.prepare(sql)
    const made = { statement, reads: statement.columns().length > 0 }
    prepared.set(sql, made)
    return made
  }
  const run = (sql: string, params: ReadonlyArray<unknown>, arrays: boolean) =>
    attempt("execute", (): ReadonlyArray<Record<string, unknown>> => {
      const { statement, reads } = prepare(sql)
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the interface has `unknown`; sqlite refuses what it can't bind
      const values = params as ReadonlyArray<SQLInputValue>
      if (!reads) {
        statement.run(...values)
        return []
      }
      statement.setReturnArrays(arrays)
      return statement.all(...values)
    })
  const rows: SqlConnection.Connection["execute"] = (sql, params, transform) =>
    transform ? Effect.map(run(sql, params, false), transform) : run(sql, params, false)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `setReturnArrays` makes the rows arrays, which the types of node:sqlite can't say
  const values = (sql: string, params: ReadonlyArray<unknown>) => run(sql, params, true) as never
  const connection: SqlConnection.Connection = {
    execute: rows,
    executeUnprepared: rows,
    executeRaw: (sql, params) => run(sql, params, false),
    executeValues: values,
    executeValuesUnprepared: values,
    executeStream: (sql, params, transform) => Stream.fromIterableEffect(rows(sql, params, transform)),
  }
  const acquirers = SqlClient.makeSqliteAcquirers({
    connection: Effect.succeed(connection),
    semaphore: yield* Semaphore.make(1),
    isTransaction: () => db.isTransaction,
  })
  /**
   * Runs one prepared statement many times, inside a transaction. A call through `sql` costs more than the row itself,
   * which matters for hundreds of rows. `run` returns the number of changed rows.
   */
  const batch = <A>(text: string, use: (run: (...params: ReadonlyArray<SQLInputValue>) => number) => A) =>
    attempt("execute", () => {
      const { statement } = prepare(text)
      return use((...params) => Number(statement.run(...params).changes))
    })
  /** Time at which an event was recorded. Reads beside a transaction in progress, which changes no recorded event. */
  const recordedAt = (seq: number) =>
    attempt("execute", (): number | null => {
      const row = prepare("SELECT recorded_at AS at FROM events WHERE seq = ?").statement.get(seq)
      return typeof row?.["at"] === "number" ? row["at"] : null
    })
  const sql = yield* SqlClient.make({
    ...acquirers,
    compiler: Statement.makeCompilerSqlite(),
    beginTransaction: "BEGIN IMMEDIATE",
    driver: "sqlite",
    spanAttributes: [["db.system.name", "sqlite"]],
  }).pipe(Effect.provide(Reactivity.layer))
  return { sql, batch, recordedAt }
})
export type Database = Effect.Success<ReturnType<typeof openSqlite>>
