import { Result, Schema } from "effect"
import {
  type InvalidInput,
  ChangeInput,
  applyMediaChange,
  validateChange,
  findCamera,
  applyChange,
  applyMotion,
  MediaChangeInput,
  MotionInput,
} from "./internal/control/applyInput.ts"
import { seededInt } from "./internal/world/seed.ts"
import type { World } from "./internal/world/World.ts"

/** One thing that happens, once or again and again. Times count from the start of the scenario, in emulated time. */
const Step = Schema.Struct({
  at_ms: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))),
  /** Repeats after so long. */
  every_ms: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThanOrEqualTo(10))),
  /** Up to so much later each time. */
  jitter_ms: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))),
  /** How often in all; for ever if it says nothing. */
  times: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThan(0))),
  motion: Schema.optionalKey(
    Schema.Struct({
      ...MotionInput.fields,
      /** Several cameras take turns as the seed wills; `any` means every camera there is. */
      camera: Schema.Union([MotionInput.fields.camera, Schema.NonEmptyArray(MotionInput.fields.camera)]),
    }),
  ),
  change: Schema.optionalKey(ChangeInput),
  media: Schema.optionalKey(MediaChangeInput),
})
type Step = typeof Step.Type

/** A sequence of what happens in a home. The same steps as those of the control door, with times. */
export const Scenario = Schema.Struct({
  name: Schema.NonEmptyString,
  about: Schema.optionalKey(Schema.String),
  steps: Schema.Array(Step),
})
export type Scenario = typeof Scenario.Type

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

/** Names in the steps must be there when the scenario starts; later on, somebody may have renamed them. */
const validate = (world: World, scenario: Scenario): Result.Result<void, InvalidInput> => {
  for (const [index, step] of scenario.steps.entries()) {
    const at = `steps[${index}]`
    const actions = [step.motion, step.change, step.media].filter((action) => action !== undefined)
    if (actions.length !== 1)
      return Result.fail({ field: at, message: "wants exactly one of motion, change and media" })
    for (const camera of step.motion === undefined ? [] : candidateCameras(world, step.motion)) {
      const found = findCamera(world, camera, step.motion?.kind)
      if (Result.isFailure(found)) return Result.fail({ ...found.failure, field: `${at}.motion.camera` })
    }
    const change = step.change === undefined ? Result.succeed(undefined) : validateChange(world, step.change)
    if (Result.isFailure(change))
      return Result.fail({ ...change.failure, field: `${at}.change.${change.failure.field}` })
  }
  return Result.succeed(undefined)
}

/** Puts the steps on the world's agenda. */
export const startScenario = (
  world: World,
  now: number,
  scenario: Scenario,
): Result.Result<void, InvalidInput> =>
  Result.map(validate(world, scenario), () => {
    for (const [index, step] of scenario.steps.entries()) {
      const label = `scenario/${scenario.name}/${index}`
      const next = (round: number, base: number): void => {
        if (step.times !== undefined && round >= step.times) return
        const jitter = seededInt(world.seed, `${label}/jitter/${round}`, 0, step.jitter_ms ?? 0)
        world.scheduler.add(base + jitter, (at) => {
          runStep(world, at, step, `${label}/${round}`)
          if (step.every_ms !== undefined) next(round + 1, base + step.every_ms)
        })
      }
      next(0, now + (step.at_ms ?? step.every_ms ?? 0))
    }
  })
