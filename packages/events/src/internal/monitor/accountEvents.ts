import type { AccountId, CursorEvent, EventKind } from "@blink-streams/model"
import { Effect, Stream } from "effect"
import type { EventsOptions } from "../../AccountMonitorContract.ts"
import type { EventLogContract } from "../../EventLogContract.ts"
import type { LogError } from "../../LogError.ts"
import { eventFilter } from "./eventFilter.ts"
import { withCursor } from "./withCursor.ts"

/** Emits the events of one account in a log, or of all with `null`; see `events` of `AccountMonitor`. */
export const accountEvents = <Kind extends EventKind = EventKind>(
  log: EventLogContract,
  account: AccountId | null,
  options: EventsOptions<Kind>,
): Stream.Stream<CursorEvent<Kind>, LogError> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const { newest } = yield* log.bounds
      const after = options.since === undefined ? newest : yield* log.startPosition(options.since)
      return log.follow(after).pipe(
        Stream.map((recorded) => withCursor(recorded, recorded.seq <= newest)),
        Stream.filter(eventFilter(account, options)),
      )
    }),
  )
