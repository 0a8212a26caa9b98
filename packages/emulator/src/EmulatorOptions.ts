import { Result, Schema, Struct } from "effect"
import type { WorldConfig } from "./internal/engine/Engine.ts"
import { decodeScenario, bundledScenario } from "./internal/scenarios/loadScenario.ts"
import { type ControlError, fromSchemaIssue } from "./ControlError.ts"
import type { Scenario } from "./Scenario.ts"
import { defaultSettings, Settings } from "./Settings.ts"

export interface EmulatorOptions {
  /** The same seed gives the same ids, names, tokens and pictures. */
  readonly seed?: number
  /** 0, the default, takes any that is free. */
  readonly port?: number
  /** The name of one that comes along, or one of your own; `quiet` if you say nothing. */
  readonly scenario?: "quiet" | "house" | "busy" | Scenario
  /** Emulated seconds to a real one. 0 stops the clock, which `clock({ advance_ms })` still moves. */
  readonly speed?: number
  /** The instant at which the emulated clock starts, in milliseconds of the epoch; the present one if left out. */
  readonly startAt?: number
  readonly settings?: Partial<Settings>
}

const decode = Schema.decodeUnknownResult(
  Schema.Struct({
    seed: Schema.Int,
    port: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 65_535 })),
    speed: Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0)),
    startAt: Schema.optionalKey(Schema.Int),
    settings: Settings.mapFields(Struct.map(Schema.optionalKey)),
  }),
  { onExcessProperty: "error" },
)

const resolveScenario = (chosen: EmulatorOptions["scenario"]): Result.Result<Scenario, ControlError> =>
  typeof chosen === "object" ? decodeScenario(chosen) : bundledScenario(chosen ?? "quiet")

interface ResolvedOptions {
  readonly port: number
  readonly speed: number
  readonly startAt: number | null
  readonly config: WorldConfig
}

/** Callers without a compiler, or with a looser one, say `undefined` for what they leave out. */
const withoutUndefined = (options: object): object =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))

/** Options with their defaults; they may come from code that no compiler has read. */
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
      Result.map(resolveScenario(scenario), (known) => ({
        port,
        speed,
        startAt: startAt ?? null,
        config: { seed, scenario: known, settings: { ...defaultSettings, ...settings } },
      })),
  )
