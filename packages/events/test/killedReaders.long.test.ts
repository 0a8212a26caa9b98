import { it } from "@effect/vitest"
import { apis, handleUntilKilled } from "./killedReaders.ts"

const killsAt = Array.from({ length: 24 }, (_, round) => 1 + ((round * 37) % 90))

for (const save of ["interval", "each"] as const)
  for (const api of apis)
    it.live(
      `A reader with ${api} and save: ${save} handles every motion in order when its process is killed again and again`,
      () => handleUntilKilled({ api, save, killsAt }),
      600_000,
    )
