import {
  type AccountId,
  type CursorEvent,
  type EventKind,
  Seq,
  timestampToMillis,
} from "@blink-streams/model"
import { Effect, Stream } from "effect"
import type { HistoryOptions } from "../../AccountMonitorContract.ts"
import type { EventLogContract } from "../../EventLogContract.ts"
import type { LogError } from "../../LogError.ts"
import { withCursor } from "./withCursor.ts"

/** Greatest difference between the clocks of the cloud and of this machine, in milliseconds. */
const clockTolerance = 24 * 3_600_000

/** Milliseconds since the Unix epoch of a bound. Throws a `RangeError` for a date that is none. */
const boundOf = (date: Date | undefined): number | undefined =>
  date === undefined ? undefined : Date.parse(date.toISOString())

/** Emits the past events of one account in a log, or of all with `null`; see `history` of `AccountMonitor`. */
export const accountHistory = <Kind extends EventKind = EventKind>(
  log: EventLogContract,
  account: AccountId | null,
  { from, to, kinds }: HistoryOptions<Kind>,
): Stream.Stream<CursorEvent<Kind>, LogError> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const { oldest, newest } = yield* log.bounds
      if (oldest > newest) return Stream.empty
      const requestedKinds = kinds === undefined ? null : new Set<EventKind>(kinds)
      const [first, end] = [boundOf(from) ?? 0, boundOf(to) ?? Number.POSITIVE_INFINITY]
      const isRequested = (event: CursorEvent): event is CursorEvent<Kind> => {
        if (account !== null && event.subject.account !== account) return false
        if (requestedKinds !== null && !requestedKinds.has(event.kind)) return false
        const occurredAt = timestampToMillis(event.occurredAt)
        return first <= occurredAt && occurredAt < end
      }
      // What occurred is recorded later, by a clock that may differ.
      const after =
        from === undefined
          ? Seq.make(oldest - 1)
          : yield* log.startPosition(new Date(Math.max(0, first - clockTolerance)))
      if (after >= newest) return Stream.empty
      return log.follow(after).pipe(
        Stream.takeUntil(({ seq }) => seq >= newest),
        Stream.map((recorded) => withCursor(recorded, true)),
        Stream.filter(isRequested),
      )
    }),
  )
