import { readFileSync } from "node:fs"
import { Effect, Equal } from "effect"
import { readAnswer } from "../../packages/core/src/internal/readAnswer.ts"
import { toPicture } from "../../packages/core/src/internal/toSnapshot.ts"
import { oauth } from "@blink-streams/core/endpoints/catalog"
import { diff, nothingKnown } from "@blink-streams/events"
for (const n of [10, 100, 1000]) {
  const text = readFileSync(`/tmp/hs${n}.json`, "utf8")
  const text2 = text.replace(/"battery":"ok"/, '"battery":"low"')
  const texts = [text, text2]
  const time = (f: (t: string) => void) => {
    const r: number[] = []
    for (let k = 0; k < 30; k++) {
      const t = performance.now()
      for (let i = 0; i < Math.max(2, 2000 / n); i++) f(texts[i % 2]!)
      r.push((performance.now() - t) / Math.max(2, 2000 / n))
    }
    return r.sort((a, b) => a - b)[15]!
  }
  const parse = time((t) => void JSON.parse(t))
  const read = time(
    (t) => void Effect.runSync(readAnswer("h", oauth.homescreen.answer!, { status: 200, text: t })),
  )
  let prev: any = null,
    mem: any = nothingKnown
  const all = time((t) => {
    const { value } = Effect.runSync(
      readAnswer("h", oauth.homescreen.answer!, { status: 200, text: t }),
    ) as any
    let p: any = toPicture(value, 1, null)
    if (prev)
      p = {
        networks: Equal.equals(p.networks, prev.networks) ? prev.networks : p.networks,
        syncModules: p.syncModules,
        cameras: Equal.equals(p.cameras, prev.cameras) ? prev.cameras : p.cameras,
      }
    prev = p
    mem = diff(mem, { account: 1, takenAt: "2026-01-01T00:00:00.000Z", ...p } as any, {
      held: new Set(),
      limits: { lowestCelsius: 5, highestCelsius: 35 },
    }).memory
  })
  console.log(
    n,
    text.length,
    "parse ms",
    parse.toFixed(4),
    "read",
    (read / parse).toFixed(2),
    "all",
    (all / parse).toFixed(2),
  )
}
