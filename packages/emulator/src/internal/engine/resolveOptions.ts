import { Result, Schema, Struct } from "effect"
import type { ControlError } from "../../ControlError.ts"
import type { EmulatorOptions } from "../../EmulatorOptions.ts"
import type { Scenario } from "../../Scenario.ts"
import { defaultSettings, EmulatorSettings } from "../../EmulatorSettings.ts"
import { fromSchemaIssue } from "../control/toControlError.ts"
import { bundledScenario, decodeScenario } from "../scenarios/loadScenario.ts"
import type { WorldConfig } from "./Engine.ts"

const decode = Schema.decodeUnknownResult(
  Schema.Struct({
    seed: Schema.Int,
    port: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 65_535 })),
    speed: Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0)),
    startAt: Schema.optionalKey(Schema.Int),
    settings: EmulatorSettings.mapFields(Struct.map(Schema.optionalKey)),
  }),
  { onExcessProperty: "error" },
)

const resolveScenario = (requested: EmulatorOptions["scenario"]): Result.Result<Scenario, ControlError> =>
  typeof requested === "object" ? decodeScenario(requested) : bundledScenario(requested ?? "quiet")

interface ResolvedOptions {
  readonly port: number
  readonly speed: number
  readonly startAt: number | null
  readonly config: WorldConfig
}

/** Callers without `exactOptionalPropertyTypes` may pass `undefined` for an absent option. */
const withoutUndefined = (options: object): object =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))

/** Checks the options, which may come from untyped code, and fills in the defaults. */
export const resolveOptions = ({
  scenario,
  ...options
}: EmulatorOptions): Result.Result<ResolvedOptions, ControlError> =>
  Result.flatMap(
    Result.mapError(
      decode({ seed: 1, port: 0, speed: 1, settings: {}, ...withoutUndefined(options) }),
      ({ issue }) => fromSchemaIssue(issue),
    ),
    ({ seed, port, speed, startAt, settings }) =>
      Result.map(resolveScenario(scenario), (resolved) => ({
        port,
        speed,
        startAt: startAt ?? null,
        config: { seed, scenario: resolved, settings: { ...defaultSettings, ...settings } },
      })),
  )
