/** Position in an event log. */
export interface Position {
  /** Text to continue from, as `since`: a cursor, or the text that the caller began with. */
  readonly cursor: string
  /** Log of `seq`; `null` until the server has responded to the caller's own `since`. */
  readonly epoch: string | null
  readonly seq: number
}

/** Returns the position of a `since` that the server has not seen yet. */
export const unknownPosition = (since: string): Position => ({ cursor: since, epoch: null, seq: 0 })

/** Returns the part of a message that is a position. */
export const positionOf = ({ cursor, epoch, seq }: Position): Position => ({ cursor, epoch, seq })

/** True when `a` is before `b`. A position of no known log is before all others, and one of another log than `epoch` before those of `epoch`. */
export const isBefore = (a: Position, b: Position, epoch: string | null): boolean => {
  if (a.epoch === b.epoch) return a.seq < b.seq
  return a.epoch === null || (b.epoch !== null && b.epoch === epoch)
}
