import type { WindowOptions } from "./Windows.ts"

/** Windows of whatever comes within `windowMs` of a first value. */
export const burstWindows = (windowMs: number): WindowOptions<unknown> => ({
  keyOf: () => "",
  length: windowMs,
  after: "first",
})
