import type { NetworkId } from "@blink-streams/model"
import { Context, Effect, Layer, type Scope, Semaphore } from "effect"

/**
 * Queue per network. A sync module that is busy with a live view, a manifest or a command rejects everything
 * else, so every user of a sync module goes through this queue, first come, first served.
 */
export class NetworkQueue extends Context.Service<
  NetworkQueue,
  {
    /** Waits for all earlier entries of the network. The queue advances when the scope ends. */
    acquire(network: NetworkId): Effect.Effect<void, never, Scope.Scope>
  }
>()("@blink-streams/core/NetworkQueue") {
  static readonly layer: Layer.Layer<NetworkQueue> = Layer.sync(NetworkQueue, () => {
    // Grows to the number of networks of the account.
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
