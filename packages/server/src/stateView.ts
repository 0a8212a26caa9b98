import type { AccountState, HomeState, SourceHealth } from "@blink-streams/model"
import type { Filter } from "@blink-streams/protocol/ClientMessage"
import { type Grant, visibleState } from "./Grant.ts"

const includes = <A>(list: ReadonlyArray<A> | undefined, value: A): boolean =>
  list === undefined || list.includes(value)

/** What of an account passes at least one of `filters`, and the token's lists. */
export const stateView = (
  grant: Grant,
  filters: ReadonlyArray<Filter>,
  state: AccountState,
): AccountState | null => {
  const visible = visibleState(grant, state)
  const open = filters.filter(({ accounts }) => includes(accounts, state.account))
  if (visible === null || open.length === 0) return null
  if (open.some(({ networks, cameras }) => networks === undefined && cameras === undefined)) return visible
  return {
    ...visible,
    networks: visible.networks.filter(({ id }) => open.some(({ networks }) => includes(networks, id))),
    syncModules: visible.syncModules.filter(({ networkId }) =>
      open.some(({ networks }) => includes(networks, networkId)),
    ),
    cameras: visible.cameras.filter(({ id, networkId }) =>
      open.some(({ networks, cameras }) => includes(networks, networkId) && includes(cameras, id)),
    ),
  }
}

/** All accounts of a state, as far as they may be seen. */
export const homeView = (grant: Grant, filters: ReadonlyArray<Filter>, state: HomeState): HomeState => ({
  accounts: state.accounts.flatMap((account) => stateView(grant, filters, account) ?? []),
})

/** Best first. */
const badness = ["ok", "off", "starting", "waiting", "throttled", "stale"] as const

const worse = (a: SourceHealth, b: SourceHealth): SourceHealth =>
  badness.indexOf(b.state) > badness.indexOf(a.state) ? b : a

/** Per source the worst of all accounts: what a heartbeat tells. */
export const sourcesOf = (states: ReadonlyArray<AccountState>): Record<string, SourceHealth> => {
  const sources: Record<string, SourceHealth> = {}
  for (const state of states)
    for (const [name, health] of Object.entries(state.sources)) {
      const known = sources[name]
      sources[name] = known === undefined ? health : worse(known, health)
    }
  return sources
}
