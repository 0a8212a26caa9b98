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

it("clips are asked for often while something may be recorded; what is not known counts as yes", () => {
  assert.strictEqual(seconds(withNetwork("armed", camera(1))), 20)
  assert.strictEqual(seconds(withNetwork("unknown", camera(1))), 20)
  assert.strictEqual(seconds(withNetwork("armed", camera(1, { detection: "off" }))), 120)
})

it("for a while after something happened they are asked for faster", () => {
  assert.strictEqual(seconds(withNetwork("armed", camera(1)), -60_000), 15)
  assert.strictEqual(seconds(withNetwork("disarmed", camera(1)), -60_000), 30)
  assert.strictEqual(seconds(withNetwork("armed", camera(1)), -600_000), 20)
})

it("a disarmed home is asked slowly, one with a doorbell less so", () => {
  assert.strictEqual(seconds(withNetwork("disarmed", camera(1))), 120)
  assert.strictEqual(seconds(withNetwork("disarmed", camera(1, { kind: "doorbell" }))), 60)
})

const stretched = (callsLeft: number) =>
  Duration.toSeconds(withinBudget(Duration.seconds(20), { callsLeft, throttledUntil: null }))

it("the last requests of an hour are kept for commands", () => {
  assert.deepStrictEqual([500, 99, 29].map(stretched), [20, 40, 80])
})
