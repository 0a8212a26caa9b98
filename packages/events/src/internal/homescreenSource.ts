import type { BlinkApi } from "@blink-streams/core/BlinkApi"
import type { BlinkError } from "@blink-streams/core/BlinkError"
import {
  type AccountState,
  type BudgetState,
  type NetworkId,
  type Snapshot,
  type Timestamp,
} from "@blink-streams/model"
import { Effect, type SubscriptionRef } from "effect"
import { diff, type DiffOptions, type TemperatureLimits } from "../diff.ts"
import type { HomeMemory } from "../HomeMemory.ts"
import type { CloudClock } from "./cloudClock.ts"
import type { Holds } from "./holds.ts"
import type { LastMotion } from "./lastMotion.ts"
import { homeSource } from "./recorder.ts"
import type { SourceRules } from "./source.ts"
import { makeWhoArmed } from "./whoArmed.ts"

/** The state as far as the homescreen tells it. A network whose look was passed over keeps its `asOf`. */
const withHome = (
  state: AccountState,
  home: HomeMemory,
  takenAt: Timestamp,
  held: ReadonlySet<NetworkId>,
): AccountState => {
  const asOf = new Map(state.networks.map(({ id, arm }) => [id, arm.asOf]))
  return {
    ...state,
    asOf: takenAt,
    networks: home.networks.map(({ arm, ...network }) =>
      Object.assign(network, {
        arm: { state: arm, asOf: held.has(network.id) ? (asOf.get(network.id) ?? null) : takenAt },
      }),
    ),
    syncModules: home.syncModules,
    cameras: home.cameras.map((camera) => Object.assign({ lastMotionAt: null }, camera)),
  }
}

interface Seen {
  readonly look: Snapshot
  readonly since: number
  readonly budget: BudgetState
  readonly armedBy: DiffOptions["armedBy"]
}

/** The home itself: one call shows every network, hub and camera of the account, and one more who armed it. */
export const homescreenSource = (options: {
  readonly api: BlinkApi["Service"]
  readonly state: SubscriptionRef.SubscriptionRef<AccountState>
  readonly budget: Effect.Effect<BudgetState>
  readonly clock: CloudClock
  readonly holds: Holds
  readonly lastMotion: LastMotion
  readonly limits: TemperatureLimits
  readonly interval: SourceRules<unknown>["interval"]
}): SourceRules<Seen> => {
  const whoArmed = makeWhoArmed(options)
  return {
    name: homeSource,
    fetch: Effect.gen(function* (): Effect.fn.Return<Seen, BlinkError> {
      const since = options.holds.now()
      const look = yield* options.api.snapshot
      const armedBy = yield* whoArmed(look, options.holds.during(since))
      return { look, since, budget: yield* options.budget, armedBy }
    }),
    judge: ({ look, since, budget, armedBy }, home) =>
      Effect.sync(() => {
        const held = options.holds.during(since)
        const { events, memory } = diff(home, look, { held, limits: options.limits, armedBy })
        const patch = (state: AccountState) =>
          options.lastMotion.into({ ...withHome(state, memory, look.takenAt, held), budget })
        return { events, home: memory, patch }
      }),
    interval: options.interval,
  }
}
