import { Arbitrary, Effect } from "effect"
import { TestClock } from "effect/testing"
import { History, runHistory } from "../../packages/events/test/history.ts"

/** Random histories, each compared with the world's truth. `SOAK_RUNS` makes it shorter, `SOAK_SEED` another one. */
const runs = Number(process.env["SOAK_RUNS"] ?? 20_000)
const seed = process.env["SOAK_SEED"]

export default async (): Promise<boolean> => {
  let lived = 0
  const startedAt = performance.now()
  const result = await Effect.runPromise(
    Arbitrary.checkEffect(
      Arbitrary.schema(History),
      (history) =>
        runHistory(history).pipe(
          Effect.provide(TestClock.layer()),
          Effect.map((complaints) => {
            lived += 1
            if (lived % 500 === 0) {
              const seconds = Math.round((performance.now() - startedAt) / 1000)
              const megabytes = Math.round(process.memoryUsage().rss / 1_048_576)
              console.log(`${lived} histories, ${seconds} s, ${megabytes} MB`)
            }
            for (const complaint of complaints) console.log(complaint)
            return complaints.length === 0
          }),
        ),
      { runs, ...(seed === undefined ? {} : { seed }) },
    ),
  )
  if (result._tag !== "Passed") console.log(JSON.stringify(result, null, 2))
  return result._tag === "Passed"
}
