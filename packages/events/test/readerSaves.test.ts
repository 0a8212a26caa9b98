import { EventLog } from "../src/EventLog.ts"
import { createTables } from "../src/internal/log/schema.ts"
import { openSqlite } from "../src/internal/log/sqlite.ts"
import { makeReaders } from "../src/internal/readers/makeReaders.ts"
import { AccountId, Epoch, Seq } from "@blink-streams/model"
import { assert, it } from "@effect/vitest"
import { Effect, Logger, Metric, Scope, Exit } from "effect"
import { PrometheusMetrics } from "effect/observability"
import { TestClock } from "effect/testing"
import { execFileSync } from "node:child_process"
import { account, motions } from "./fixtures.ts"
import { temporaryFile } from "./temporaryFile.ts"

const name = "porch-light"
const other = AccountId.make(2)
const seq = (position: number) => Seq.make(position)

it.effect(
  "A save that the disk refuses is logged once, keeps the position in memory and succeeds later",
  () =>
    Effect.gen(function* () {
      const messages: Array<unknown> = []
      const logger = Logger.layer([Logger.make(({ message }) => void messages.push(message))])
      const scope = yield* Scope.make()
      const database = yield* openSqlite(":memory:")
      yield* createTables(database.sql, "epoch")
      const stats = { oldest: 1, oldestAt: 0, newest: 20, bytes: 0 }
      const retention = { events: 100, bytes: 100, age: "1 day", metadata: "1 day" } as const
      const log = {
        database,
        epoch: Epoch.make("epoch"),
        stats: () => stats,
        retention,
        startPosition: () => Effect.succeed(seq(0)),
      }
      yield* Effect.gen(function* () {
        const { service } = yield* makeReaders(log)
        const saved = Effect.map(database.sql<{ seq: number }>`SELECT seq FROM readers`, (rows) =>
          rows.map((row) => row.seq),
        )
        const reader = yield* service.openReader({ account, name })
        const refuseWrites = (refuse: boolean) => database.sql.unsafe(`PRAGMA query_only = ${refuse ? 1 : 0}`)
        yield* refuseWrites(true)
        for (let position = 1; position <= 5; position++) {
          yield* reader.moveTo(seq(position), "handled")
          yield* TestClock.adjust("2 seconds")
        }
        yield* reader.save
        assert.strictEqual(messages.length, 1)
        assert.include(String(messages[0]), "the event log can't be opened or written")
        assert.deepStrictEqual(yield* saved, [20])
        assert.strictEqual((yield* service.readers)[0]!.cursor, "epoch:5")
        yield* refuseWrites(false)
        yield* TestClock.adjust("1 second")
        assert.deepStrictEqual(yield* saved, [5])
        yield* refuseWrites(true)
        yield* reader.moveTo(seq(6), "handled")
        yield* TestClock.adjust("1 second")
        assert.strictEqual(messages.length, 2)
        yield* refuseWrites(false)
      }).pipe(Effect.provide(logger), Effect.provideService(Scope.Scope, scope))
      yield* Scope.close(scope, Exit.void)
    }),
)

it.live(
  "Positions that could not be saved on a full disk come again after a restart, and none is skipped",
  () =>
    Effect.gen(function* () {
      const filename = yield* temporaryFile("log.sqlite")
      const script = new URL("./handleUntilRefused.ts", import.meta.url).pathname
      // The limit on the size of a file stands in for a full disk; its blocks have 512 bytes.
      const limited = `trap '' XFSZ; ulimit -f 1000; exec "$0" "$@"`
      const command = [process.execPath, "--conditions=@blink-streams/source", script, filename]
      const output = yield* Effect.sync(() =>
        execFileSync("/bin/sh", ["-c", limited, ...command], { encoding: "utf8" }),
      )
      const last: { readonly saved: number; readonly handled: number } = JSON.parse(
        output.trim().split("\n").at(-1)!,
      )
      assert.isAbove(last.handled, last.saved)
      yield* EventLog.use((log) =>
        Effect.gen(function* () {
          const { start } = yield* log.openReader({ account, name })
          assert.isAtMost(start, last.handled)
          assert.isAtLeast(start, last.saved)
          yield* log.append({ account, events: motions(1_000_001, 1_000_001) })
        }).pipe(Effect.scoped),
      ).pipe(Effect.provide(EventLog.layerSqlite({ filename })))
    }),
)

it.effect("The lag of each reader is exported as metrics until the log is closed or the reader removed", () =>
  Effect.gen(function* () {
    const series = Effect.map(PrometheusMetrics.format(), (text) =>
      text.split("\n").filter((line) => line.startsWith("blink_reader_lag")),
    )
    yield* EventLog.use((log) =>
      Effect.gen(function* () {
        const odd = 'the "odd" one\\'
        yield* log.openReader({ account, name })
        yield* Effect.scoped(log.openReader({ account: other, name, since: "beginning" }))
        yield* Effect.scoped(log.openReader({ account, name: odd }))
        yield* log.append({ account, events: motions(1, 4) })
        yield* TestClock.adjust("90 seconds")
        const label = (reader: string) => `{reader="${reader}"}`
        assert.sameMembers(yield* series, [
          `blink_reader_lag_events${label(name)} 4`,
          `blink_reader_lag_seconds${label(name)} 90`,
          `blink_reader_lag_events${label('the \\"odd\\" one\\\\')} 4`,
          `blink_reader_lag_seconds${label('the \\"odd\\" one\\\\')} 90`,
        ])
        yield* log.removeReader(account, odd)
        yield* log.removeReader(other, name)
        assert.strictEqual((yield* series).length, 2)
      }).pipe(Effect.scoped),
    ).pipe(Effect.provide(EventLog.layerMemory))
    assert.deepStrictEqual(yield* series, [])
  }).pipe(Effect.provideService(Metric.MetricRegistry, new Map())),
)
