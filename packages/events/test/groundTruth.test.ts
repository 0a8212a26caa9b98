import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { History, runHistory } from "./history.ts"

/** `npm run test:long` runs more histories, `npm run soak -- events` 20,000. A failure prints the shrunk history and a `Replay` to pass as `replay`. */
it.effect.prop(
  "The log matches the emulated world after any history: no event is missing, invented or duplicated",
  { history: History },
  ({ history }) => Effect.map(runHistory(history), (errors) => assert.deepStrictEqual(errors, [])),
  { timeout: 1_200_000, arbitrary: { runs: process.env["TEST_LONG"] === undefined ? 300 : 3_000 } },
)
