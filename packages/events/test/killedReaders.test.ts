import { EventLog } from "../src/EventLog.ts"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { once } from "node:events"
import { apis, handleUntilKilled, startReader } from "./killedReaders.ts"
import { temporaryFileInMemory } from "./temporaryFile.ts"

for (const api of apis)
  it.live(
    `A reader with ${api} handles every motion at least once, in order, when its process is killed before, during and between events or its handler throws`,
    () => handleUntilKilled({ api, save: "interval", killsAt: [1, 40] }),
    60_000,
  )

it.live(
  "A reader with save: each repeats at most the event in hand when its process is killed",
  () => handleUntilKilled({ api: "promises", save: "each", killsAt: [1, 40] }),
  60_000,
)

it.live("A second process on a log fails with LogInUse and the id of the first, until that is killed", () =>
  Effect.gen(function* () {
    const filename = yield* temporaryFileInMemory("log.sqlite")
    const openHere = Effect.asVoid(Effect.service(EventLog)).pipe(
      Effect.provide(EventLog.layerSqlite({ filename })),
    )
    const child = startReader({ filename, api: "promises", save: "interval", motions: 0 })
    yield* Effect.promise(() => once(child.stdout, "data"))
    const error = yield* Effect.flip(openHere)
    assert.deepInclude(error.reason, { _tag: "LogInUse", pid: child.pid ?? null })
    assert.include(error.message, "connect to its broadcaster with @blink-streams/client")
    child.kill("SIGKILL")
    yield* Effect.promise(() => once(child, "exit"))
    yield* openHere
  }),
)
