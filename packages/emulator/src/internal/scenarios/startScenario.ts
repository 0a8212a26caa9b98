import { Result } from "effect"
import type { Scenario } from "../../Scenario.ts"
import {
  applyChange,
  applyMediaChange,
  applyMotion,
  findCamera,
  type InvalidInput,
  validateChange,
} from "../control/applyInput.ts"
import { seededInt } from "../world/seed.ts"
import type { World } from "../world/World.ts"

type Step = Scenario["steps"][number]

const candidateCameras = (world: World, step: NonNullable<Step["motion"]>): ReadonlyArray<number | string> =>
  step.camera === "any"
    ? [...world.cameras.values()].map(({ id }) => id)
    : Array.isArray(step.camera)
      ? step.camera
      : typeof step.camera === "string" || typeof step.camera === "number"
        ? [step.camera]
        : []

const runStep = (
  world: World,
  now: number,
  step: Step,
  label: string,
): Result.Result<unknown, InvalidInput> => {
  if (step.motion !== undefined) {
    const cameras = candidateCameras(world, step.motion)
    const camera = cameras[seededInt(world.seed, label, 0, Math.max(0, cameras.length - 1))] ?? ""
    return applyMotion(world, now, { ...step.motion, camera })
  }
  if (step.change !== undefined) return applyChange(world, now, step.change)
  if (step.media !== undefined) return applyMediaChange(world, now, step.media)
  return Result.succeed(undefined)
}

/** Names are checked only at the start: a client may rename a device later. */
const validate = (world: World, scenario: Scenario): Result.Result<void, InvalidInput> => {
  for (const [index, step] of scenario.steps.entries()) {
    const field = `steps[${index}]`
    const actions = [step.motion, step.change, step.media].filter((action) => action !== undefined)
    if (actions.length !== 1)
      return Result.fail({ field, message: "needs exactly one of motion, change and media" })
    for (const camera of step.motion === undefined ? [] : candidateCameras(world, step.motion)) {
      const found = findCamera(world, camera, step.motion?.kind)
      if (Result.isFailure(found)) return Result.fail({ ...found.failure, field: `${field}.motion.camera` })
    }
    const change = step.change === undefined ? Result.succeed(undefined) : validateChange(world, step.change)
    if (Result.isFailure(change))
      return Result.fail({ ...change.failure, field: `${field}.change.${change.failure.field}` })
  }
  return Result.succeed(undefined)
}

/** Schedules all steps of the scenario, or fails without effect when one of them is invalid. */
export const startScenario = (
  world: World,
  now: number,
  scenario: Scenario,
): Result.Result<void, InvalidInput> =>
  Result.map(validate(world, scenario), () => {
    for (const [index, step] of scenario.steps.entries()) {
      const label = `scenario/${scenario.name}/${index}`
      const scheduleRun = (round: number, base: number): void => {
        if (step.times !== undefined && round >= step.times) return
        const jitter = seededInt(world.seed, `${label}/jitter/${round}`, 0, step.jitter_ms ?? 0)
        world.scheduler.add(base + jitter, (at) => {
          runStep(world, at, step, `${label}/${round}`)
          if (step.every_ms !== undefined) scheduleRun(round + 1, base + step.every_ms)
        })
      }
      scheduleRun(0, now + (step.at_ms ?? step.every_ms ?? 0))
    }
  })
