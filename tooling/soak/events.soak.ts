import { Arbitrary, Effect } from "effect"
import { TestClock } from "effect/testing"
import { History, runHistory } from "../../packages/events/test/history.ts"

/**
 * Runs random histories and compares the events of each with the emulated world. `SOAK_RUNS` sets their number, `SOAK_SEED`
 * the seed.
 */
const runs = Number(process.env["SOAK_RUNS"] ?? 20_000)
const seed = process.env["SOAK_SEED"]

export default async (): Promise<boolean> => {
  let completed = 0
  const startedAt = performance.now()
  const result = await Effect.runPromise(
    Arbitrary.checkEffect(
      Arbitrary.schema(History),
      (history) =>
        runHistory(history).pipe(
          Effect.provide(TestClock.layer()),
          Effect.map((deviations) => {
            completed += 1
            if (completed % 500 === 0) {
              const seconds = Math.round((performance.now() - startedAt) / 1000)
              const megabytes = Math.round(process.memoryUsage().rss / 1_048_576)
              console.log(`${completed} histories, ${seconds} s, ${megabytes} MB`)
            }
            for (const deviation of deviations) console.log(deviation)
            return deviations.length === 0
          }),
        ),
      { runs, ...(seed === undefined ? {} : { seed }) },
    ),
  )
  if (result._tag !== "Passed") console.log(JSON.stringify(result, null, 2))
  return result._tag === "Passed"
}
