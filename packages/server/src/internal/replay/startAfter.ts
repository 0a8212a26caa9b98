import { Seq } from "@blink-streams/model"
import { positionInLog } from "./cursorPosition.ts"

/**
 * Returns the position of a `since` in the log that ends at `newest`; `null` for text that is neither `beginning` nor a cursor of
 * this log.
 */
export const startAfter = (
  since: string,
  newest: Parameters<typeof positionInLog>[1],
  oldest: Seq,
): Seq | null => (since === "beginning" ? Seq.make(oldest - 1) : positionInLog(since, newest))
