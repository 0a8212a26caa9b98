import type { BlinkApi } from "@blink-streams/core/BlinkApi"
import type { BlinkError } from "@blink-streams/core/BlinkError"
import {
  type AccountState,
  type BudgetState,
  type NetworkId,
  type Snapshot,
  type Timestamp,
} from "@blink-streams/model"
import { Effect } from "effect"
import { diff, type TemperatureLimits } from "../diff.ts"
import type { HomeMemory } from "../HomeMemory.ts"
import type { Holds } from "./holds.ts"
import type { LastMotion } from "./lastMotion.ts"
import { homeSource } from "./recorder.ts"
import type { SourceRules } from "./source.ts"

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

/** The home itself: one call shows every network, hub and camera of the account. */
export const homescreenSource = (options: {
  readonly api: BlinkApi["Service"]
  readonly budget: Effect.Effect<BudgetState>
  readonly holds: Holds
  readonly lastMotion: LastMotion
  readonly limits: TemperatureLimits
  readonly interval: SourceRules<unknown>["interval"]
}): SourceRules<{ readonly look: Snapshot; readonly since: number; readonly budget: BudgetState }> => ({
  name: homeSource,
  fetch: Effect.gen(function* (): Effect.fn.Return<
    { readonly look: Snapshot; readonly since: number; readonly budget: BudgetState },
    BlinkError
  > {
    const since = options.holds.now()
    const look = yield* options.api.snapshot
    return { look, since, budget: yield* options.budget }
  }),
  judge: ({ look, since, budget }, home) =>
    Effect.sync(() => {
      const held = options.holds.during(since)
      const { events, memory } = diff(home, look, { held, limits: options.limits })
      const patch = (state: AccountState) =>
        options.lastMotion.into({ ...withHome(state, memory, look.takenAt, held), budget })
      return { events, home: memory, patch }
    }),
  interval: options.interval,
})
