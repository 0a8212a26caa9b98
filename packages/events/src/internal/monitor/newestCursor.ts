import { type Cursor, formatCursor } from "@blink-streams/model"
import { Effect } from "effect"
import type { EventLogContract } from "../../EventLogContract.ts"
import type { LogError } from "../../LogError.ts"

/** Cursor of the newest event of a log, to begin after it. */
export const newestCursor = ({ bounds, epoch }: EventLogContract): Effect.Effect<Cursor, LogError> =>
  Effect.map(bounds, ({ newest }) => formatCursor({ epoch, seq: newest }))
