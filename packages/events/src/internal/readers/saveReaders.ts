import { Clock, Effect, Latch } from "effect"
import type { Database } from "../log/sqlite.ts"
import { toLogError } from "../log/toLogError.ts"
import type { ReaderPosition, ReaderPositions } from "./ReaderPositions.ts"
import { updateReaders } from "./readerTable.ts"

/** Time between two saves, in milliseconds. */
const saveInterval = 1000

/**
 * Saves positions in transactions of their own: at once when the last save is a second ago, else after that second. A
 * failure is logged once until a save succeeds, and what was not saved is due again.
 */
export const makeSaveReaders = Effect.fnUntraced(function* (database: Database, positions: ReaderPositions) {
  const due = Latch.makeUnsafe(false)
  let failed = false
  let closed = false

  const save = Effect.fnUntraced(
    function* (taken: ReadonlyArray<ReaderPosition>) {
      if (taken.length === 0 || closed) return
      const now = Math.floor(yield* Clock.currentTimeMillis)
      yield* database.sql.withTransaction(updateReaders(database, taken, now))
      positions.committed(taken, now)
      failed = false
    },
    Effect.mapError(toLogError("save the position of a reader")),
    Effect.catch((error) => {
      const isFirst = !failed
      failed = true
      return isFirst ? Effect.logWarning(error.message) : Effect.void
    }),
    Effect.uninterruptible,
  )

  const saveDue = Effect.gen(function* () {
    yield* due.await
    yield* due.close
    yield* save(positions.due(0))
    yield* Effect.sleep(saveInterval)
    if (positions.due(0).length > 0) yield* due.open
  })
  yield* Effect.addFinalizer(() =>
    Effect.andThen(
      Effect.suspend(() => save(positions.moved())),
      Effect.sync(() => (closed = true)),
    ),
  )
  yield* Effect.forkScoped(Effect.forever(saveDue))
  return { save, saveSoon: due.open }
})
export type SaveReaders = Effect.Success<ReturnType<typeof makeSaveReaders>>
