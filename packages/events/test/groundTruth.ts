import { assert, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { History, runHistory } from "./history.ts"

/**
 * Defines the test of one API of the cloud. `npm run test:long` runs more histories, `npm run soak -- events` 20,000 of
 * both. A failure prints the shrunk history and a `Replay` to pass as `replay`.
 */
export const testHistories = (dialect: History["dialect"]): void =>
  it.effect.prop(
    `The log matches the emulated world after any history of the ${dialect} API: no event is missing, invented or duplicated`,
    { history: Schema.Struct({ ...History.fields, dialect: Schema.Literal(dialect) }) },
    ({ history }) => Effect.map(runHistory(history), (errors) => assert.deepStrictEqual(errors, [])),
    { timeout: 1_200_000, arbitrary: { runs: process.env["TEST_LONG"] === undefined ? 150 : 1_500 } },
  )
