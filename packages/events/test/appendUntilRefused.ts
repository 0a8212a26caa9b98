/** Appends batches until the log refuses one; prints why, and the newest place. */
import { EventLog } from "@blink-streams/events/EventLog"
import { Effect } from "effect"
import { account, motions } from "./facts.ts"

const program = EventLog.use((log) =>
  Effect.gen(function* () {
    let from = 1
    const next = Effect.suspend(() => {
      const events = motions(from, from + 99)
      from += 100
      return log.append({ account, events })
    })
    const error = yield* Effect.flip(Effect.forever(next))
    const { newest } = yield* log.bounds
    console.log(JSON.stringify({ reason: error.reason._tag, newest }))
  }),
)

await Effect.runPromise(Effect.provide(program, EventLog.layerSqlite({ filename: process.argv[2] ?? "" })))
