import { mediaPollInterval, withinBudget } from "../src/internal/pollers/pollInterval.ts"
import type { AccountState, ArmState } from "@blink-streams/model"
import { assert, it } from "@effect/vitest"
import { Duration } from "effect"
import { at, camera, homeNetwork, stateAt } from "./fixtures.ts"

const inactive = Number.NEGATIVE_INFINITY
const withNetwork = (arm: ArmState, ...cameras: ReadonlyArray<ReturnType<typeof camera>>): AccountState => ({
  ...stateAt(0),
  networks: [{ ...homeNetwork(), arm: { state: arm, asOf: at(0) } }],
  cameras: cameras.map((one) => Object.assign({ lastMotionAt: null }, one)),
})
const seconds = (state: AccountState, activeAt = inactive) =>
  Duration.toSeconds(mediaPollInterval(state, activeAt, 0))

it("mediaPollInterval is short while motion may be recorded or the arm state is unknown", () => {
  assert.strictEqual(seconds(withNetwork("armed", camera(1))), 20)
  assert.strictEqual(seconds(withNetwork("unknown", camera(1))), 20)
  assert.strictEqual(seconds(withNetwork("armed", camera(1, { detection: "off" }))), 120)
})

it("mediaPollInterval is shorter for five minutes after an event", () => {
  assert.strictEqual(seconds(withNetwork("armed", camera(1)), -60_000), 15)
  assert.strictEqual(seconds(withNetwork("disarmed", camera(1)), -60_000), 30)
  assert.strictEqual(seconds(withNetwork("armed", camera(1)), -600_000), 20)
})

it("mediaPollInterval is long for a disarmed account and shorter when it has a doorbell", () => {
  assert.strictEqual(seconds(withNetwork("disarmed", camera(1))), 120)
  assert.strictEqual(seconds(withNetwork("disarmed", camera(1, { kind: "doorbell" }))), 60)
})

const stretched = (callsLeft: number) =>
  Duration.toSeconds(withinBudget(Duration.seconds(20), { callsLeft, throttledUntil: null }))

it("withinBudget stretches the interval when few requests of the hour are left", () => {
  assert.deepStrictEqual([500, 99, 29].map(stretched), [20, 40, 80])
})
