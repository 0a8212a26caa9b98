import type { AccountState, BlinkState, SourceHealth } from "@blink-streams/model"
import type { Filter } from "@blink-streams/protocol"
import { type Permissions, visibleState } from "../../Permissions.ts"

const allows = <A>(list: ReadonlyArray<A> | undefined, value: A): boolean =>
  list === undefined || list.includes(value)

/** What of an account passes at least one of `filters`, and the token's lists. */
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

/** All accounts of a state, as far as they may be seen. */
export const filterState = (
  permissions: Permissions,
  filters: ReadonlyArray<Filter>,
  state: BlinkState,
): BlinkState => ({
  accounts: state.accounts.flatMap((account) => filterAccountState(permissions, filters, account) ?? []),
})

/** Best first. */
const healthOrder = ["ok", "off", "starting", "waiting", "throttled", "stale"] as const

const worseHealth = (a: SourceHealth, b: SourceHealth): SourceHealth =>
  healthOrder.indexOf(b.state) > healthOrder.indexOf(a.state) ? b : a

/** Per source the worst of all accounts: what a heartbeat tells. */
export const worstSources = (states: ReadonlyArray<AccountState>): Record<string, SourceHealth> => {
  const sources: Record<string, SourceHealth> = {}
  for (const state of states)
    for (const [name, health] of Object.entries(state.sources)) {
      const known = sources[name]
      sources[name] = known === undefined ? health : worseHealth(known, health)
    }
  return sources
}
