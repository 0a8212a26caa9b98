import type { NetworkId } from "@blink-streams/model"
import { Context, Effect, Layer, type Scope, Semaphore } from "effect"

/**
 * One thing at a time in each network: a sync module that is busy with a live view, a list of its USB stick or a
 * command refuses everything else. Whoever occupies one goes through here, in order of arrival.
 */
export class NetworkQueue extends Context.Service<
  NetworkQueue,
  {
    /** Waits for everything before it in this network; the next one's turn comes when the scope ends. */
    acquire(network: NetworkId): Effect.Effect<void, never, Scope.Scope>
  }
>()("@blink-streams/core/NetworkQueue") {
  static readonly layer: Layer.Layer<NetworkQueue> = Layer.sync(NetworkQueue, () => {
    // As many as the account has networks.
    const locks = new Map<NetworkId, Semaphore.Semaphore>()
    return {
      acquire: (network) => {
        const lock = locks.get(network) ?? Semaphore.makeUnsafe(1)
        locks.set(network, lock)
        return Effect.asVoid(lock.takeScoped(1))
      },
    }
  })
}
