import { it } from "@effect/vitest"
import { apis, handleUntilKilled } from "./killedReaders.ts"

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
