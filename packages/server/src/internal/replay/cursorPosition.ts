import { type Cursor, type Epoch, formatCursor, parseCursor, type Seq } from "@blink-streams/model"

interface LogPosition {
  readonly epoch: Epoch
  readonly seq: Seq
}

/** Returns the fields of a position in messages. */
export const positionFields = ({ epoch, seq }: LogPosition): LogPosition & { readonly cursor: Cursor } => ({
  cursor: formatCursor({ epoch, seq }),
  epoch,
  seq,
})

/**
 * Returns the position of a cursor in the log that ends at `newest`. Returns `null` for any other text: a cursor of another
 * log, a cursor beyond the end, or no cursor at all.
 */
export const positionInLog = (cursor: string, newest: LogPosition): Seq | null => {
  const position = parseCursor(cursor)
  return position !== null && position.epoch === newest.epoch && position.seq <= newest.seq
    ? position.seq
    : null
}
