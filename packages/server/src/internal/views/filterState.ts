import type { AccountState, BlinkState, SourceHealth } from "@blink-streams/model"
import type { Filter } from "@blink-streams/protocol"
import { type Permissions, visibleState } from "../../Permissions.ts"

const allows = <A>(list: ReadonlyArray<A> | undefined, value: A): boolean =>
  list === undefined || list.includes(value)

/**
 * Returns the part of an account's state that the permissions and at least one of `filters` allow; `null` when the
 * account is excluded.
 */
export const filterAccountState = (
  permissions: Permissions,
  filters: ReadonlyArray<Filter>,
  state: AccountState,
): AccountState | null => {
  const visible = visibleState(permissions, state)
  const matching = filters.filter(({ accounts }) => allows(accounts, state.account))
  if (visible === null || matching.length === 0) return null
  if (matching.some(({ networks, cameras }) => networks === undefined && cameras === undefined))
    return visible
  return {
    ...visible,
    networks: visible.networks.filter(({ id }) => matching.some(({ networks }) => allows(networks, id))),
    syncModules: visible.syncModules.filter(({ networkId }) =>
      matching.some(({ networks }) => allows(networks, networkId)),
    ),
    cameras: visible.cameras.filter(({ id, networkId }) =>
      matching.some(({ networks, cameras }) => allows(networks, networkId) && allows(cameras, id)),
    ),
  }
}

/** Applies `filterAccountState` to every account. Excluded accounts are omitted. */
export const filterState = (
  permissions: Permissions,
  filters: ReadonlyArray<Filter>,
  state: BlinkState,
): BlinkState => ({
  accounts: state.accounts.flatMap((account) => filterAccountState(permissions, filters, account) ?? []),
})

/** States of a source, best first. */
const healthOrder = ["ok", "off", "starting", "needs_user", "throttled", "stale"] as const

const worseHealth = (a: SourceHealth, b: SourceHealth): SourceHealth =>
  healthOrder.indexOf(b.state) > healthOrder.indexOf(a.state) ? b : a

/** Returns the worst health of each source over all accounts, as heartbeats report it. */
export const worstSources = (states: ReadonlyArray<AccountState>): Record<string, SourceHealth> => {
  const sources: Record<string, SourceHealth> = {}
  for (const state of states)
    for (const [name, health] of Object.entries(state.sources)) {
      const known = sources[name]
      sources[name] = known === undefined ? health : worseHealth(known, health)
    }
  return sources
}
