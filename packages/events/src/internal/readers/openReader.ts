import { Seq } from "@blink-streams/model"
import { Clock, Effect } from "effect"
import type { EventLogContract, LogReader } from "../../EventLogContract.ts"
import { InvalidReaderName, LogError, ReaderInUse } from "../../LogError.ts"
import { toLogError } from "../log/toLogError.ts"
import type { Reader, ReaderPositions } from "./ReaderPositions.ts"
import type { ReadersLog } from "./ReadersLog.ts"
import { insertReader } from "./readerTable.ts"
import type { SaveReaders } from "./saveReaders.ts"

/** Returns true for 1 to 64 characters, none of which is a control character, half a character or a line separator. */
const isReaderName = (name: unknown): name is string =>
  typeof name === "string" && /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]{1,64}$/u.test(name)

type OpenOptions = Parameters<EventLogContract["openReader"]>[0]

export const readerInUse = (operation: string, name: string) =>
  new LogError({ operation, reason: new ReaderInUse({ name }) })

/** See `EventLogContract.openReader`. `onCreated` is called with a reader that the log did not have. */
export const makeOpenReader = (
  log: ReadersLog,
  positions: ReaderPositions,
  { save, saveSoon }: SaveReaders,
  onCreated: (reader: Reader) => void,
): EventLogContract["openReader"] => {
  /** A new reader is in the log before its first event, so that its begin stays where it is after a crash. */
  const create = Effect.fnUntraced(function* ({ account, name, since }: OpenOptions, owner: object) {
    const seq = since === undefined ? Seq.make(log.stats().newest) : yield* log.startPosition(since)
    const now = Math.floor(yield* Clock.currentTimeMillis)
    if (positions.get(account, name) !== undefined) return yield* readerInUse("events", name)
    const reader = positions.add({ account, name, seq }, now)
    reader.owner = owner
    yield* Effect.onError(insertReader(log.database.sql, { account, name, seq }, now), () =>
      Effect.sync(() => positions.delete(reader)),
    )
    onCreated(reader)
    return reader
  })

  const acquire = Effect.fnUntraced(
    function* (options: OpenOptions, owner: object) {
      const { account, name } = options
      if (!isReaderName(name))
        return yield* new LogError({
          operation: "events",
          reason: new InvalidReaderName({ name: String(name) }),
        })
      const known = positions.get(account, name)
      if (known === undefined) return yield* create(options, owner)
      if (known.owner !== null) return yield* readerInUse("events", name)
      known.owner = owner
      return known
    },
    Effect.mapError(toLogError("events")),
  )

  const savePosition = ({ account, name, position }: Reader) => save([{ account, name, seq: position }])

  const release = (reader: Reader) =>
    Effect.suspend(() => {
      reader.owner = null
      return savePosition(reader)
    })

  return Effect.fnUntraced(function* (options: OpenOptions) {
    // What an earlier owner still handles must not move the position of a later one.
    const owner = {}
    const reader = yield* Effect.acquireRelease(acquire(options, owner), release)
    const opened: LogReader = {
      start: reader.position,
      moveTo: (to, by) =>
        Effect.suspend(() => {
          if (reader.owner !== owner || to === reader.position) return Effect.void
          reader.position = to
          if (by === "filtered") return Effect.void
          reader.due = true
          return saveSoon
        }),
      save: Effect.suspend(() => (reader.owner === owner ? savePosition(reader) : Effect.void)),
    }
    return opened
  })
}
