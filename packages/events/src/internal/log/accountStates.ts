import type { AccountId, AccountState } from "@blink-streams/model"
import { asStale } from "./asStale.ts"

/** An account's newest state, the `seq` it reflects, and its number among the states of all accounts. */
export interface VersionedState {
  readonly seq: number
  readonly version: number
  readonly state: AccountState
}

/** The newest state of each account. Each change gets the next version. */
export const makeAccountStates = () => {
  const states = new Map<AccountId, VersionedState>()
  let version = 0
  const set = (account: AccountId, seq: number, state: AccountState) => {
    version += 1
    states.set(account, { seq, version, state })
  }
  return {
    set,
    /** Marks a state as stale. Returns false when there is none or it is stale already. */
    markStale: (account: AccountId, seq: number): boolean => {
      const known = states.get(account)
      if (known === undefined || known.state.stale) return false
      set(account, seq, asStale(known.state))
      return true
    },
    values: (): Iterable<VersionedState> => states.values(),
    /** Version of the newest change. */
    version: () => version,
  }
}
