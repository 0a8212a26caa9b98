import type { BlinkApi } from "@blink-streams/core/BlinkApi"
import { oauth } from "@blink-streams/core/endpoints/catalog"
import {
  type AccountState,
  type ArmState,
  type NetworkId,
  type Snapshot,
  type Timestamp,
  Timestamps,
} from "@blink-streams/model"
import { Effect, SubscriptionRef } from "effect"
import type { DiffOptions } from "../diff.ts"
import { armedBy, type ProgramRow } from "../programs.ts"
import type { CloudClock } from "./cloudClock.ts"
import type { Holds } from "./holds.ts"

const isSettled = (arm: ArmState) => arm === "armed" || arm === "disarmed"

/**
 * For each network that is armed or disarmed otherwise than believed: whether a schedule of it was due. Costs one request
 * per such change, none otherwise; when it fails, the cloud's clock is not known yet, or a command of ours may have been it,
 * nobody knows who it was, and the look goes on.
 */
export const makeWhoArmed = (options: {
  readonly api: BlinkApi["Service"]
  readonly state: SubscriptionRef.SubscriptionRef<AccountState>
  readonly clock: CloudClock
  readonly holds: Holds
}) => {
  /** The last look by both clocks, as they were then: one of them may have been set since. */
  let last: { readonly ours: Timestamp; readonly theirs: number | null } | null = null

  return Effect.fnUntraced(function* (
    look: Snapshot,
    held: ReadonlySet<NetworkId>,
  ): Effect.fn.Return<DiffOptions["armedBy"]> {
    const { networks } = yield* SubscriptionRef.get(options.state)
    const believed = new Map(networks.map((network) => [network.id, network.arm]))
    const before = options.clock.theirs(look.takenAt)
    const by = new Map<NetworkId, ReturnType<typeof armedBy>>()
    for (const { id, arm, timeZone } of look.networks) {
      const from = believed.get(id)
      if (held.has(id) || from === undefined || from.asOf === null || from.state === arm) continue
      if (!isSettled(from.state) || !isSettled(arm)) continue
      if (options.holds.isDoubted(id, Timestamps.toMillis(look.takenAt))) continue
      const after = (last?.ours === from.asOf ? last.theirs : null) ?? options.clock.theirs(from.asOf)
      if (after === null || before === null) continue
      const programs: ReadonlyArray<ProgramRow> | null = yield* options.api
        .call(oauth.programs, { network: id })
        .pipe(Effect.catch(() => Effect.succeed(null)))
      by.set(id, armedBy(programs, { to: arm, after, before, timeZone }))
    }
    last = { ours: look.takenAt, theirs: before }
    return by
  })
}
