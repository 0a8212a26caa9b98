import type { SqlClient } from "effect/sql"
import { Effect } from "effect"

/** Version of the tables, stored in `user_version`. */
export const schemaVersion = 1

/** Creates the tables in an empty file. `epoch` identifies the log permanently. */
export const createTables = (sql: SqlClient.SqlClient, epoch: string) =>
  Effect.gen(function* () {
    yield* sql`CREATE TABLE log (only INTEGER PRIMARY KEY CHECK (only = 1), epoch TEXT NOT NULL, newest INTEGER NOT NULL) STRICT`
    yield* sql`CREATE TABLE events (
      seq INTEGER PRIMARY KEY, account INTEGER NOT NULL, id TEXT NOT NULL, recorded_at INTEGER NOT NULL,
      backfilled INTEGER NOT NULL, body TEXT NOT NULL
    ) STRICT`
    yield* sql`CREATE UNIQUE INDEX events_unique_id ON events (account, id)`
    yield* sql`CREATE TABLE checkpoints (
      account INTEGER NOT NULL, source TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (account, source)
    ) STRICT, WITHOUT ROWID`
    yield* sql`CREATE TABLE metadata (
      account INTEGER NOT NULL, key TEXT NOT NULL, written_at INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (account, key)
    ) STRICT, WITHOUT ROWID`
    yield* sql`CREATE INDEX metadata_by_age ON metadata (written_at)`
    yield* sql`CREATE TABLE states (account INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT`
    yield* sql`CREATE TABLE readers (
      account INTEGER NOT NULL, name TEXT NOT NULL, seq INTEGER NOT NULL, saved_at INTEGER NOT NULL, PRIMARY KEY (account, name)
    ) STRICT, WITHOUT ROWID`
    yield* sql`INSERT INTO log (only, epoch, newest) VALUES (1, ${epoch}, 0)`
    yield* sql.unsafe(`PRAGMA user_version = ${schemaVersion}`)
  }).pipe(sql.withTransaction)
