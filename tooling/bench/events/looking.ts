import { oauth } from "@blink-streams/core/endpoints/catalog"
import { diff, type DiffOptions } from "@blink-streams/events/diff"
import { nothingKnown } from "@blink-streams/events/HomeMemory"
import { AccountId, Timestamps } from "@blink-streams/model"
import { Effect } from "effect"
import { makeReadings } from "../../../packages/core/src/internal/memo.ts"
import { makeSteady } from "../../../packages/core/src/internal/makeSteady.ts"
import { rereadAnswer } from "../../../packages/core/src/internal/readAnswer.ts"
import { makePictures } from "../../../packages/core/src/internal/toSnapshot.ts"
import { homescreen } from "../../../packages/core/test/fixtures.ts"
import { median } from "../BenchReport.ts"

const options: DiffOptions = {
  held: new Set(),
  limits: { lowestCelsius: 5, highestCelsius: 35 },
  armedBy: new Map(),
}
const account = AccountId.make(4_200_001)
const takenAt = Timestamps.fromMillis(1_800_000_000_000)

/** From the text of an answer to events, in the steps of a look, with what a look remembers of the one before. */
const makeLook = () => {
  const readings = makeReadings(1)
  const steady = makeSteady()
  const toPicture = makePictures()
  const schema = oauth.homescreen.answer
  if (schema === null) throw new Error("the homescreen is no file")
  let memory = nothingKnown
  let picture = steady({ networks: [], syncModules: [], cameras: [] })
  return (text: string): number => {
    if (readings.find("homescreen", text) === null) {
      const { value } = Effect.runSync(
        rereadAnswer("homescreen", schema, { status: 200, text }, readings.latest("homescreen")),
      )
      readings.keep("homescreen", text, value)
      picture = steady(toPicture(value, account, "fahrenheit"))
    }
    const told = diff(memory, { account, takenAt, ...picture }, options)
    memory = told.memory
    return told.events.length
  }
}

const millisOf = (run: () => unknown, times: number): number => {
  const start = performance.now()
  for (let n = 0; n < times; n++) run()
  return (performance.now() - start) / times
}

/** Decode and diff of an answer, as ratio to `JSON.parse` of the same text: unchanged, and with 1 % of the cameras changed. */
export const looking = (cameras: number) => {
  const home = homescreen(cameras)
  const step = Math.min(100, cameras)
  const changedIn = (look: number) =>
    JSON.stringify({
      ...home,
      cameras: home.cameras.map((camera, index) =>
        index % step === 0 ? Object.assign({}, camera, { battery: look % 2 === 0 ? "ok" : "low" }) : camera,
      ),
    })
  const texts = [changedIn(0), changedIn(1)]
  const times = Math.max(4, Math.ceil(2000 / cameras))
  const [same, changed] = [makeLook(), makeLook()]
  let look = 0
  const rounds = Array.from({ length: 60 }, () => {
    const parse = millisOf(() => JSON.parse(texts[0]!), times)
    same(texts[0]!)
    const unchanged = millisOf(() => same(texts[0]!), times)
    let events = 0
    const some = millisOf(() => (events += changed(texts[look++ % 2]!)), times)
    if (look > 2 * times && events !== times * Math.ceil(cameras / step)) throw new Error(`${events} events`)
    return { unchanged: unchanged / parse, some: some / parse }
  }).slice(10)
  return {
    unchanged: median(rounds.map((round) => round.unchanged)),
    changed: median(rounds.map((round) => round.some)),
  }
}
