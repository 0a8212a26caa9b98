import type { NetworkId } from "@blink-streams/model/Ids"
import { Context, Effect, Layer, Semaphore } from "effect"

/**
 * One thing at a time in each network: a sync module that is busy with a live view, a list of its USB stick or a
 * command refuses everything else. Whoever occupies one goes through here, in order of arrival.
 */
export class NetworkQueue extends Context.Service<
  NetworkQueue,
  {
    /** Runs `effect` once everything before it in this network is over. */
    inTurn(network: NetworkId): <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  }
>()("@blink-streams/core/NetworkQueue") {
  static readonly layer: Layer.Layer<NetworkQueue> = Layer.sync(NetworkQueue, () => {
    // As many as the account has networks.
    const locks = new Map<NetworkId, Semaphore.Semaphore>()
    const inTurn =
      (network: NetworkId) =>
      <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
        Effect.suspend(() => {
          const lock = locks.get(network) ?? Semaphore.makeUnsafe(1)
          locks.set(network, lock)
          return lock.withPermit(effect)
        })
    return { inTurn }
  })
}
