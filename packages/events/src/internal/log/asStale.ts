import type { AccountState } from "@blink-streams/model"

/** What was known last, and may no longer be so. */
export const asStale = (state: AccountState): AccountState => ({ ...state, stale: true })
