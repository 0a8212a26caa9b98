import type { AccountState } from "@blink-streams/model"

/** Marks a state as stale and its sources as not polled yet. */
export const markUnpolled = (state: AccountState): AccountState => ({
  ...state,
  sources: Object.fromEntries(
    Object.entries(state.sources).map(([source, { lastOkAt }]) => [
      source,
      { state: "starting", lastOkAt, nextPollAt: null, reason: null },
    ]),
  ),
  stale: true,
})

/** State before the first poll of this run. */
export const startingState = (
  lastState: AccountState | null,
  now: Pick<AccountState, "account" | "session" | "budget">,
): AccountState =>
  markUnpolled({
    asOf: null,
    networks: [],
    syncModules: [],
    cameras: [],
    sources: {},
    stale: true,
    ...lastState,
    ...now,
  })
