import {
  type Epoch,
  type EventKind,
  type EventOf,
  formatCursor,
  parseCursor,
  type RecordedEvent,
  type Seq,
} from "@blink-streams/model"

/** An event with its cursor: the envelope of observables and async iterables. */
export type CursorEvent<Kind extends EventKind = EventKind> = {
  readonly [One in Kind]: EventOf<One> & {
    readonly epoch: Epoch
    readonly seq: Seq
    /** Pass it as `since` to continue after this event. */
    readonly cursor: string
  }
}[Kind]

/** Adds the cursor to an event of the log. */
export const withCursor = ({ epoch, seq, event }: RecordedEvent): CursorEvent => ({
  ...event,
  epoch,
  seq,
  cursor: formatCursor({ epoch, seq }),
})

/** Parses a cursor. Throws a `TypeError` when `text` is not a cursor, which is a programming error. */
export const parseCursorOrThrow = (text: string): { readonly epoch: Epoch; readonly seq: Seq } => {
  const cursor = parseCursor(text)
  if (cursor === null) throw new TypeError(`"${text}" is not a cursor: pass the cursor of an event unchanged`)
  return cursor
}
