import {
  type Epoch,
  type EventKind,
  type EventOf,
  formatCursor,
  parseCursor,
  type RecordedEvent,
  type Seq,
} from "@blink-streams/model"

/** An event with its place: what the observables and the async iterables hand out. */
export type CursorEvent<Kind extends EventKind = EventKind> = {
  readonly [One in Kind]: EventOf<One> & {
    readonly epoch: Epoch
    readonly seq: Seq
    /** Hand it in as `since` to go on after this event. */
    readonly cursor: string
  }
}[Kind]

export const withCursor = ({ epoch, seq, event }: RecordedEvent): CursorEvent => ({
  ...event,
  epoch,
  seq,
  cursor: formatCursor({ epoch, seq }),
})

/** The place that a `cursor` names. Throws when `text` never was one: that is a mistake in the program. */
export const parseCursorOrThrow = (text: string): { readonly epoch: Epoch; readonly seq: Seq } => {
  const cursor = parseCursor(text)
  if (cursor === null) throw new TypeError(`"${text}" is no cursor: hand in the cursor of an event as it was`)
  return cursor
}
