import type { NetworkState } from "@blink-streams/model"
import type { AccountCalls } from "./AccountCalls.ts"
import type { CallOptions } from "./CallOptions.ts"
import { exactlyOne } from "./exactlyOne.ts"

export interface NetworkHandle {
  readonly state: NetworkState
  /** Resolves once the cloud reports the command as done and a poll confirms it. */
  arm(options?: CallOptions): Promise<void>
  disarm(options?: CallOptions): Promise<void>
}

export const networkHandle = (account: AccountCalls, nameOrId: string | number): NetworkHandle => {
  const only = (matches: (network: NetworkState) => boolean) =>
    exactlyOne(account.state().networks.filter(matches), `network "${nameOrId}"`)
  const { id } = only((network) => network.id === nameOrId || network.name === nameOrId)
  const run = (name: "arm" | "disarm") => async (options?: CallOptions) => {
    await account.command({ name, network: id }, options)
  }
  return {
    get state() {
      return only((network) => network.id === id)
    },
    arm: run("arm"),
    disarm: run("disarm"),
  }
}
