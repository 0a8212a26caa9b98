import type { BlinkApi } from "@blink-streams/core"
import {
  type AccountState,
  type ArmState,
  type NetworkId,
  type Snapshot,
  type Timestamp,
  timestampToMillis,
} from "@blink-streams/model"
import { Effect, SubscriptionRef } from "effect"
import type { DiffOptions } from "../derive/diff.ts"
import { attributeBySchedule } from "../derive/scheduleAttribution.ts"
import type { CloudClock } from "./CloudClock.ts"
import type { PendingArmCommands } from "../commands/PendingArmCommands.ts"

const isFinal = (arm: ArmState) => arm === "armed" || arm === "disarmed"

/**
 * Finds the cause of each change of arming: was a schedule of the network due? It costs one request per change. The
 * cause is unknown when the request fails, when the cloud's clock is not known yet, and when a command may have caused
 * it.
 */
export const makeArmAttribution = (options: {
  readonly api: BlinkApi["Service"]
  readonly state: SubscriptionRef.SubscriptionRef<AccountState>
  readonly clock: CloudClock["Service"]
  readonly pendingArmCommands: PendingArmCommands["Service"]
}) => {
  /** Time of the last snapshot by both clocks, as they were then: a clock may have been set since. */
  let last: { readonly localTime: Timestamp; readonly cloudTime: number | null } | null = null

  return Effect.fnUntraced(function* (
    snapshot: Snapshot,
    heldNetworks: ReadonlySet<NetworkId>,
  ): Effect.fn.Return<DiffOptions["armedBy"]> {
    const { networks } = yield* SubscriptionRef.get(options.state)
    const lastArm = new Map(networks.map((network) => [network.id, network.arm]))
    const before = options.clock.toCloudTime(snapshot.takenAt)
    const by = new Map<NetworkId, ReturnType<typeof attributeBySchedule>>()
    for (const { id, arm, timeZone } of snapshot.networks) {
      const from = lastArm.get(id)
      if (heldNetworks.has(id) || from === undefined || from.asOf === null || from.state === arm) continue
      if (!isFinal(from.state) || !isFinal(arm)) continue
      if (options.pendingArmCommands.isUncertain(id, timestampToMillis(snapshot.takenAt))) continue
      const after =
        (last?.localTime === from.asOf ? last.cloudTime : null) ?? options.clock.toCloudTime(from.asOf)
      if (after === null || before === null) continue
      const schedules = yield* Effect.orElseSucceed(options.api.schedules(id), () => null)
      by.set(id, attributeBySchedule(schedules, { to: arm, after, before, timeZone }))
    }
    last = { localTime: snapshot.takenAt, cloudTime: before }
    return by
  })
}
