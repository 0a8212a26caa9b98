import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { History, runHistory } from "./history.ts"

/** `pnpm soak events` runs 20,000 histories. A failure prints the shrunk history and a `Replay` to pass as `replay`. */
it.effect.prop(
  "The log matches the emulated world after any history: no event is missing, invented or duplicated",
  { history: History },
  ({ history }) => Effect.map(runHistory(history), (errors) => assert.deepStrictEqual(errors, [])),
  { timeout: 300_000, arbitrary: { runs: 500 } },
)
