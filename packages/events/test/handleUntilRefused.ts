/**
 * Appends events until the disk refuses one, then handles events whose positions can't be saved either. Prints the position
 * that was saved last and the one that was handled last.
 */
import { EventLog } from "../src/EventLog.ts"
import { Seq, timestampToMillis } from "@blink-streams/model"
import { Effect, References } from "effect"
import { account, motions } from "./fixtures.ts"

const program = EventLog.use((log) =>
  Effect.gen(function* () {
    const reader = yield* log.openReader({ account, name: "porch-light" })
    let from = 1
    yield* Effect.flip(
      Effect.forever(
        Effect.suspend(() => {
          const events = motions(from, from + 99)
          from += 100
          return log.append({ account, events })
        }),
      ),
    )
    const { newest } = yield* log.bounds
    let saved = 0
    let handled = 0
    // Until a save is refused.
    for (let position = 1; position <= newest && handled === saved; position++) {
      const before = timestampToMillis((yield* log.readers)[0]!.savedAt)
      yield* Effect.sleep("2 millis")
      yield* reader.moveTo(Seq.make(position), "handled")
      yield* reader.save
      handled = position
      if (timestampToMillis((yield* log.readers)[0]!.savedAt) > before) saved = position
    }
    console.log(JSON.stringify({ saved, handled }))
  }).pipe(Effect.scoped),
)

await Effect.runPromise(
  program.pipe(
    Effect.provide(EventLog.layerSqlite({ filename: process.argv[2] ?? "" })),
    Effect.provideService(References.MinimumLogLevel, "None"),
  ),
)
