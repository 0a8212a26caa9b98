import { Result, Schema } from "effect"
import { ControlError } from "../../ControlError.ts"
import busy from "./busy.json" with { type: "json" }
import home from "./home.json" with { type: "json" }
import quiet from "./quiet.json" with { type: "json" }
import { Scenario } from "../../Scenario.ts"
import { fromSchemaIssue } from "../control/toControlError.ts"

const decode = Schema.decodeUnknownResult(Scenario, { onExcessProperty: "error" })

/** Decodes a scenario, for example from a JSON file. Fails with the path of the first invalid field. */
export const decodeScenario = (input: unknown): Result.Result<Scenario, ControlError> =>
  Result.mapError(decode(input), ({ issue }) => fromSchemaIssue(issue))

const bundled: Record<string, unknown> = { quiet, home, busy }

/** A scenario of this package: `quiet`, `home` or `busy`. */
export const bundledScenario = (name: string): Result.Result<Scenario, ControlError> =>
  bundled[name] === undefined
    ? Result.fail(
        new ControlError({
          field: "scenario",
          message: `scenario: no scenario ${JSON.stringify(name)}, expected ${Object.keys(bundled).join(", ")}`,
        }),
      )
    : decodeScenario(bundled[name])
