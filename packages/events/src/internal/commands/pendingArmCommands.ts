import type { NetworkId } from "@blink-streams/model"

/**
 * Networks whose arm state a command is changing. A snapshot that was requested before the command ended may show the
 * previous state, so its arm state is ignored.
 */
export const makePendingArmCommands = () => {
  const held = new Map<NetworkId, number>()
  const releasedAt = new Map<NetworkId, number>()
  const uncertainUntil = new Map<NetworkId, number>()
  let clock = 0
  return {
    /** A mark for `heldSince`. */
    mark: () => clock,
    acquire: (network: NetworkId) => {
      held.set(network, (held.get(network) ?? 0) + 1)
    },
    release: (network: NetworkId) => {
      const left = (held.get(network) ?? 1) - 1
      if (left === 0) held.delete(network)
      else held.set(network, left)
      clock += 1
      releasedAt.set(network, clock)
    },
    /** The outcome is unknown: the command may take effect until `until`, in milliseconds since the Unix epoch. */
    markUncertain: (network: NetworkId, until: number) => {
      uncertainUntil.set(network, until)
    },
    isUncertain: (network: NetworkId, now: number): boolean => now < (uncertainUntil.get(network) ?? 0),
    /** Networks that are held now or were held at some time since the mark. */
    heldSince: (since: number): ReadonlySet<NetworkId> =>
      new Set([...held.keys(), ...[...releasedAt].flatMap(([network, at]) => (at > since ? [network] : []))]),
  }
}
export type PendingArmCommands = ReturnType<typeof makePendingArmCommands>
