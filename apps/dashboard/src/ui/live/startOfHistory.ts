import type { RecordedEvent } from "@blink-streams/model"
import { address } from "../access.ts"

type Cursor = Pick<RecordedEvent, "epoch" | "seq">

/** How much of the log a fresh page asks for: some days of an ordinary home. */
const depth = 2_000

const isCursor = (value: unknown): value is Cursor =>
  typeof value === "object" &&
  value !== null &&
  "epoch" in value &&
  typeof value.epoch === "string" &&
  "seq" in value &&
  typeof value.seq === "number"

const isSeq = (value: number): value is Cursor["seq"] => Number.isInteger(value) && value >= 0

/**
 * Where to begin so that the timeline is not empty: a little before the end of the log. `null` when the
 * broadcaster can't say; the page then begins with the present.
 */
export const startOfHistory = async (token: string): Promise<Cursor | null> => {
  try {
    const response = await fetch(address("v1/state"), { headers: { authorization: `Bearer ${token}` } })
    const cut: unknown = response.ok ? await response.json() : null
    if (!isCursor(cut)) return null
    const seq = Math.max(0, cut.seq - depth)
    return isSeq(seq) ? { epoch: cut.epoch, seq } : null
  } catch {
    return null
  }
}
