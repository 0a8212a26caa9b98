import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { History, runHistory } from "./history.ts"

/** `pnpm soak events` lives through 20,000. A failure prints the shrunk history and a `Replay` to pass as `replay`. */
it.effect.prop(
  "whatever happens, the log ends with the truth: nothing missing, nothing invented, nothing twice",
  { history: History },
  ({ history }) => Effect.map(runHistory(history), (errors) => assert.deepStrictEqual(errors, [])),
  { timeout: 300_000, arbitrary: { runs: 500 } },
)
