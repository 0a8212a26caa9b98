import type { RecordedEvent, Seq } from "@blink-streams/model"
import { Effect, Option, PubSub, Stream } from "effect"
import type { LogChange } from "../../EventLogContract.ts"
import type { LogError } from "../../LogError.ts"
import type { VersionedState } from "./accountStates.ts"

/** Events per page: the most that a slow reader holds in memory. */
const pageSize = 512

interface FeedPosition {
  readonly seq: Seq
  readonly version: number
}

/**
 * The readers of a log. Each reads page by page and waits for `appended` at the end. There is no queue per reader, so a
 * slow reader costs nothing but its own delay.
 */
export const makeSubscribers = (log: {
  readonly read: (after: Seq, limit: number) => Effect.Effect<ReadonlyArray<RecordedEvent>, LogError>
  readonly appended: PubSub.PubSub<null>
  readonly states: () => Iterable<VersionedState>
  readonly now: () => FeedPosition
}) => {
  /** Emits the pages of `next`, beginning at `start`. After an empty page it waits until something is appended. */
  const pages = <At, A>(
    start: () => At,
    next: (from: At) => Effect.Effect<readonly [ReadonlyArray<A>, At], LogError>,
  ): Stream.Stream<A, LogError> =>
    Stream.unwrap(
      Effect.map(PubSub.subscribe(log.appended), (notifications) =>
        Stream.paginate(start(), (from) =>
          Effect.gen(function* () {
            let [page, to] = yield* next(from)
            while (page.length === 0) {
              yield* PubSub.take(notifications)
              ;[page, to] = yield* next(from)
            }
            return [page, Option.some(to)] as const
          }),
        ),
      ),
    )

  /** Reads a page of events, then the states that are newer, one per change. */
  const nextChanges = Effect.fnUntraced(function* (from: FeedPosition) {
    const events = yield* log.read(from.seq, pageSize)
    const seq = events.at(-1)?.seq ?? from.seq
    const due = [...log.states()]
      .filter((known) => known.version > from.version && known.seq <= seq)
      .sort((a, b) => a.version - b.version)
    const changes: Array<LogChange> = due.map(({ state }) => ({ seq, events: [], state }))
    if (events.length > 0) changes[0] = { seq, events, state: due[0]?.state ?? null }
    return [changes, { seq, version: due.at(-1)?.version ?? from.version }] as const
  })

  return {
    follow: (after: Seq): Stream.Stream<RecordedEvent, LogError> =>
      pages(
        () => after,
        (from) => Effect.map(log.read(from, pageSize), (page) => [page, page.at(-1)?.seq ?? from] as const),
      ),
    changes: pages(log.now, nextChanges),
  }
}
