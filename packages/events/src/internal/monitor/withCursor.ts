import { type CursorEvent, formatCursor, type RecordedEvent } from "@blink-streams/model"

/** Adds the cursor to an event of the log. `replayed`: the log had it before the reader subscribed. */
export const withCursor = ({ epoch, seq, event }: RecordedEvent, replayed: boolean): CursorEvent => ({
  ...event,
  cursor: formatCursor({ epoch, seq }),
  replayed,
})
