import { Result, Schema } from "effect"
import { ControlError, fromSchemaIssue } from "../../ControlError.ts"
import busy from "./busy.json" with { type: "json" }
import house from "./house.json" with { type: "json" }
import quiet from "./quiet.json" with { type: "json" }
import { Scenario } from "../../Scenario.ts"

const decode = Schema.decodeUnknownResult(Scenario, { onExcessProperty: "error" })

export const decodeScenario = (input: unknown): Result.Result<Scenario, ControlError> =>
  Result.mapError(decode(input), ({ issue }) => fromSchemaIssue(issue))

const bundled: Record<string, unknown> = { quiet, house, busy }

/** A scenario that comes with the emulator, by its name. */
export const bundledScenario = (name: string): Result.Result<Scenario, ControlError> =>
  bundled[name] === undefined
    ? Result.fail(
        new ControlError({
          field: "scenario",
          message: `scenario: there is no ${JSON.stringify(name)}, only ${Object.keys(bundled).join(", ")}`,
        }),
      )
    : decodeScenario(bundled[name])
