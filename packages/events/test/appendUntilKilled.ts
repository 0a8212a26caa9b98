/** Appends batches of ten until it kills itself during one; prints each `seq` that was reported as written. */
import { EventLog } from "../src/EventLog.ts"
import { Effect } from "effect"
import { writeSync } from "node:fs"
import { account, motions } from "./fixtures.ts"

const program = EventLog.use((log) =>
  Effect.gen(function* () {
    const { newest } = yield* log.bounds
    setTimeout(() => process.kill(process.pid, "SIGKILL"), 150)
    for (let from = newest + 1; ; from += 10) {
      const events = motions(from, from + 9)
      yield* log.append({ account, events, checkpoints: [{ source: "clips", value: from + 9 }] })
      writeSync(1, `${from + 9}\n`)
      yield* Effect.sleep("1 millis")
    }
  }),
)

await Effect.runPromise(Effect.provide(program, EventLog.layerSqlite({ filename: process.argv[2] ?? "" })))
