/** Appends batches until the log rejects one; prints the reason, the newest `seq`, and whether the state is stale. */
import { EventLog } from "../src/EventLog.ts"
import { Effect } from "effect"
import { account, motions, stateAt } from "./fixtures.ts"

const program = EventLog.use((log) =>
  Effect.gen(function* () {
    let from = 1
    const next = Effect.suspend(() => {
      const events = motions(from, from + 99)
      from += 100
      return log.append({ account, events, state: stateAt(from) })
    })
    const error = yield* Effect.flip(Effect.forever(next))
    const { newest } = yield* log.bounds
    const { accounts } = (yield* log.snapshot).state
    console.log(JSON.stringify({ reason: error.reason._tag, newest, stale: accounts[0]?.stale }))
  }),
)

await Effect.runPromise(Effect.provide(program, EventLog.layerSqlite({ filename: process.argv[2] ?? "" })))
