import { type AccountId, formatCursor, timestampFromMillis } from "@blink-streams/model"
import { Clock, Effect } from "effect"
import type { EventLogContract, ReaderStatus } from "../../EventLogContract.ts"
import { toLogError } from "../log/toLogError.ts"
import { makeOpenReader, readerInUse } from "./openReader.ts"
import { makeObserveLag, readerLag } from "./readerLag.ts"
import { type Reader, ReaderPositions } from "./ReaderPositions.ts"
import type { ReadersLog } from "./ReadersLog.ts"
import { deleteReader, loadReaders } from "./readerTable.ts"
import { makeSaveReaders } from "./saveReaders.ts"

/** The readers of one log: their positions in memory, and what writes them to the log. */
export const makeReaders = Effect.fnUntraced(function* (log: ReadersLog) {
  const { database } = log
  const positions = new ReaderPositions()
  const lag = yield* makeObserveLag(log)
  for (const { savedAt, ...saved } of yield* loadReaders(database.sql)) lag.add(positions.add(saved, savedAt))
  const saving = yield* makeSaveReaders(database, positions)

  const status = (reader: Reader, now: number): Effect.Effect<ReaderStatus> =>
    Effect.map(readerLag(log, reader.position, now), (distance) => ({
      account: reader.account,
      name: reader.name,
      cursor: formatCursor({ epoch: log.epoch, seq: reader.position }),
      lag: distance,
      open: reader.owner !== null,
      savedAt: timestampFromMillis(reader.savedAt),
    }))

  const remove = Effect.fnUntraced(
    function* (account: AccountId, name: string) {
      const reader = positions.get(account, name)
      if (reader === undefined) return false
      if (reader.owner !== null) return yield* readerInUse("removeReader", name)
      // Owns it meanwhile, so that it is not opened.
      reader.owner = remove
      yield* Effect.onError(deleteReader(database.sql, reader), () =>
        Effect.sync(() => (reader.owner = null)),
      )
      positions.delete(reader)
      lag.remove(reader)
      return true
    },
    Effect.mapError(toLogError("removeReader")),
    Effect.uninterruptible,
  )

  return {
    positions,
    service: {
      readers: Effect.flatMap(Clock.currentTimeMillis, (now) =>
        Effect.forEach(positions.all, (reader) => status(reader, now)),
      ),
      openReader: makeOpenReader(log, positions, saving, lag.add),
      removeReader: remove,
    } satisfies Pick<EventLogContract, "readers" | "openReader" | "removeReader">,
  }
})
