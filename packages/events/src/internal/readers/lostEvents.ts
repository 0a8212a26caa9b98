import { type AccountId, EventId, type RecordedEvent, Seq, timestampFromMillis } from "@blink-streams/model"
import { Clock, Effect } from "effect"
import type { EventLogContract } from "../../EventLogContract.ts"
import type { LogError } from "../../LogError.ts"

/**
 * The `gap` for a reader whose events after `position` are no longer kept. It is not in the log: it gets the position before
 * the oldest event that is kept, so that handling it moves the reader there.
 */
export const lostEvents = Effect.fnUntraced(function* (
  log: EventLogContract,
  account: AccountId,
  position: Seq,
): Effect.fn.Return<RecordedEvent, LogError> {
  const { oldest } = yield* log.bounds
  const seq = Seq.make(oldest - 1)
  // An append may delete more meanwhile; the next read then reports that.
  const [next] = yield* Effect.catchReason(log.read(seq, 1), "LogError", "CursorExpired", () =>
    Effect.succeed([]),
  )
  const now = timestampFromMillis(yield* Clock.currentTimeMillis)
  return {
    epoch: log.epoch,
    seq,
    event: {
      kind: "gap",
      id: EventId.make(`gap:log:${log.epoch}:${position + 1}-${seq}`),
      occurredAt: next?.event.observedAt ?? now,
      observedAt: now,
      source: "log",
      subject: { account },
      data: {
        source: "log",
        // The event at the position is deleted as well, so its time is not known.
        from: null,
        to: next?.event.observedAt ?? now,
        reason: "the event log deleted events before this reader had handled them",
      },
    },
  }
})
