import type { BlinkApi, BlinkError } from "@blink-streams/core"
import type { AccountState, BudgetState, NetworkId, Snapshot, Timestamp } from "@blink-streams/model"
import { Effect, type SubscriptionRef } from "effect"
import type { TemperatureLimits } from "../../AccountMonitorContract.ts"
import { diff, type DiffOptions } from "../derive/diff.ts"
import type { DiffState } from "../derive/DiffState.ts"
import type { CloudClock } from "./CloudClock.ts"
import type { PendingArmCommands } from "../commands/PendingArmCommands.ts"
import type { LastMotion } from "../account/LastMotion.ts"
import { homescreenSourceName } from "../account/AccountRecord.ts"
import type { PollerOptions } from "./poller.ts"
import { makeArmAttribution } from "./armAttribution.ts"

/** Applies the confirmed state. A network whose arm state was ignored keeps its `asOf`. */
const withDiffState = (
  state: AccountState,
  diffState: DiffState,
  takenAt: Timestamp,
  heldNetworks: ReadonlySet<NetworkId>,
): AccountState => {
  const asOf = new Map(state.networks.map(({ id, arm }) => [id, arm.asOf]))
  return {
    ...state,
    asOf: takenAt,
    networks: diffState.networks.map(({ arm, ...network }) =>
      Object.assign(network, {
        arm: { state: arm, asOf: heldNetworks.has(network.id) ? (asOf.get(network.id) ?? null) : takenAt },
      }),
    ),
    syncModules: diffState.syncModules,
    cameras: diffState.cameras.map((camera) => Object.assign({ lastMotionAt: null }, camera)),
  }
}

interface HomescreenPoll {
  readonly snapshot: Snapshot
  readonly mark: number
  readonly budget: BudgetState
  readonly armedBy: DiffOptions["armedBy"]
}

/** Polls the homescreen: one request for all networks, sync modules and cameras, and one per change of arming. */
export const homescreenPoller = (options: {
  readonly api: BlinkApi["Service"]
  readonly state: SubscriptionRef.SubscriptionRef<AccountState>
  readonly budget: Effect.Effect<BudgetState>
  readonly clock: CloudClock["Service"]
  readonly pendingArmCommands: PendingArmCommands["Service"]
  readonly lastMotion: LastMotion["Service"]
  readonly limits: TemperatureLimits
  readonly interval: PollerOptions<unknown>["interval"]
}): PollerOptions<HomescreenPoll> => {
  const attributeArm = makeArmAttribution(options)
  return {
    name: homescreenSourceName,
    fetch: Effect.gen(function* (): Effect.fn.Return<HomescreenPoll, BlinkError> {
      const mark = options.pendingArmCommands.mark()
      const snapshot = yield* options.api.snapshot
      const armedBy = yield* attributeArm(snapshot, options.pendingArmCommands.heldSince(mark))
      return { snapshot, mark, budget: yield* options.budget, armedBy }
    }),
    reduce: ({ snapshot, mark, budget, armedBy }, before) =>
      Effect.sync(() => {
        const heldNetworks = options.pendingArmCommands.heldSince(mark)
        const { events, diffState } = diff(before, snapshot, {
          heldNetworks,
          limits: options.limits,
          armedBy,
        })
        const patch = (state: AccountState) =>
          options.lastMotion.applyTo({
            ...withDiffState(state, diffState, snapshot.takenAt, heldNetworks),
            budget,
          })
        return { events, diffState, patch }
      }),
    interval: options.interval,
  }
}
