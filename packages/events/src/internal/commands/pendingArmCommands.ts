import type { NetworkId } from "@blink-streams/model"

/**
 * Networks whose arm state a command of ours is changing. A look that began before the command ended may show
 * the state of before, so it has no say; nor has one that was answered while the command was under way.
 */
export const makePendingArmCommands = () => {
  const held = new Map<NetworkId, number>()
  const releasedAt = new Map<NetworkId, number>()
  const uncertainUntil = new Map<NetworkId, number>()
  let clock = 0
  return {
    /** A mark to ask `during` with later. */
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
    /** Nobody knows how the command ended: it may take effect at any time until then, in milliseconds of the epoch. */
    markUncertain: (network: NetworkId, until: number) => {
      uncertainUntil.set(network, until)
    },
    isUncertain: (network: NetworkId, now: number): boolean => now < (uncertainUntil.get(network) ?? 0),
    /** Networks that are held, or were at some time since the mark. */
    heldSince: (since: number): ReadonlySet<NetworkId> =>
      new Set([...held.keys(), ...[...releasedAt].flatMap(([network, at]) => (at > since ? [network] : []))]),
  }
}
export type PendingArmCommands = ReturnType<typeof makePendingArmCommands>
