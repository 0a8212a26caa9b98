import type { NetworkId } from "@blink-streams/model"
import { Clock, Context, Effect, Layer } from "effect"
import { EventLog } from "../../EventLog.ts"
import type { LogError } from "../../LogError.ts"
import { AccountRecord } from "../account/AccountRecord.ts"

/** Time in which a command with an unknown outcome may still be the cause of a change of arming. */
const uncertaintyWindow = 15 * 60_000

/** Metadata key that is true while an arm or disarm command of the network is not known to be done. */
export const pendingArmKey = (network: NetworkId): string => `arm-pending:${network}`

interface PendingArmCommandsContract {
  /** A mark for `heldSince`. */
  readonly mark: () => number
  readonly acquire: (network: NetworkId) => void
  readonly release: (network: NetworkId) => void
  /**
   * The outcome of a command is unknown: it may still take effect for 15 minutes from `now`, in milliseconds since the
   * Unix epoch.
   */
  readonly markUncertain: (network: NetworkId, now: number) => void
  readonly isUncertain: (network: NetworkId, now: number) => boolean
  /** Networks that are held now or were held at some time since the mark. */
  readonly heldSince: (mark: number) => ReadonlySet<NetworkId>
}

const makePendingArmCommands = (): PendingArmCommandsContract => {
  const held = new Map<NetworkId, number>()
  const releasedAt = new Map<NetworkId, number>()
  const uncertainUntil = new Map<NetworkId, number>()
  let clock = 0
  return {
    mark: () => clock,
    acquire: (network) => {
      held.set(network, (held.get(network) ?? 0) + 1)
    },
    release: (network) => {
      const left = (held.get(network) ?? 1) - 1
      if (left === 0) held.delete(network)
      else held.set(network, left)
      clock += 1
      releasedAt.set(network, clock)
    },
    markUncertain: (network, now) => {
      uncertainUntil.set(network, now + uncertaintyWindow)
    },
    isUncertain: (network, now) => now < (uncertainUntil.get(network) ?? 0),
    heldSince: (mark) =>
      new Set([...held.keys(), ...[...releasedAt].flatMap(([network, at]) => (at > mark ? [network] : []))]),
  }
}

/**
 * Networks whose arm state a command is changing. A snapshot that was requested before the command ended may show the
 * previous state, so its arm state is ignored.
 */
export class PendingArmCommands extends Context.Service<PendingArmCommands, PendingArmCommandsContract>()(
  "@blink-streams/events/PendingArmCommands",
) {
  /** Starts with the networks that have a command of the previous run which may still take effect. */
  static readonly layer: Layer.Layer<PendingArmCommands, LogError, EventLog | AccountRecord> = Layer.effect(
    PendingArmCommands,
    Effect.gen(function* () {
      const log = yield* EventLog
      const { account, diffState } = yield* AccountRecord
      const networks = diffState.networks.map(({ id }) => id)
      const pending = yield* log.getMetadata(account, networks.map(pendingArmKey))
      const now = yield* Clock.currentTimeMillis
      const service = makePendingArmCommands()
      for (const network of networks)
        if (pending.get(pendingArmKey(network)) === true) service.markUncertain(network, now)
      return service
    }),
  )
}
