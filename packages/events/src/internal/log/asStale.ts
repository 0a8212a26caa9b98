import type { AccountState } from "@blink-streams/model"

/** Marks a state as possibly outdated. */
export const asStale = (state: AccountState): AccountState => ({ ...state, stale: true })
