import { Result, Schema } from "effect"
import { OrderRefused, refusalOf } from "./OrderRefused.ts"
import busy from "./scenarios/busy.json" with { type: "json" }
import house from "./scenarios/house.json" with { type: "json" }
import quiet from "./scenarios/quiet.json" with { type: "json" }
import { Scenario } from "./world/Scenario.ts"

const decode = Schema.decodeUnknownResult(Scenario, { onExcessProperty: "error" })

export const decodeScenario = (input: unknown): Result.Result<Scenario, OrderRefused> =>
  Result.mapError(decode(input), ({ issue }) => refusalOf(issue))

const own: Record<string, unknown> = { quiet, house, busy }

/** A scenario that comes with the emulator, by its name. */
export const namedScenario = (name: string): Result.Result<Scenario, OrderRefused> =>
  own[name] === undefined
    ? Result.fail(
        new OrderRefused({
          field: "scenario",
          message: `scenario: there is no ${JSON.stringify(name)}, only ${Object.keys(own).join(", ")}`,
        }),
      )
    : decodeScenario(own[name])
