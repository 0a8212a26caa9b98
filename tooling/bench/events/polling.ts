import { initialDiffState } from "../../../packages/events/src/internal/derive/DiffState.ts"
import { diff, type DiffOptions } from "../../../packages/events/src/internal/derive/diff.ts"
import { oauth } from "../../../packages/core/src/internal/endpoints/catalog.ts"
import { AccountId, timestampFromMillis } from "@blink-streams/model"
import { Effect } from "effect"
import { makeResponseCache } from "../../../packages/core/src/internal/decode/memo.ts"
import { decodeIncremental } from "../../../packages/core/src/internal/decode/decodeIncremental.ts"
import { makeSnapshotConverter } from "../../../packages/core/src/internal/toModel/toSnapshot.ts"
import { homescreen } from "../../../packages/core/test/fixtures.ts"
import { median } from "../BenchReport.ts"

const options: DiffOptions = {
  heldNetworks: new Set(),
  limits: { lowestCelsius: 5, highestCelsius: 35 },
  armedBy: new Map(),
}
const account = AccountId.make(4_200_001)
const takenAt = timestampFromMillis(1_800_000_000_000)

/** Returns a function that processes a response text like a poll, keeps state between calls and returns the number of events. */
const makePoll = () => {
  const readings = makeResponseCache(1)
  const toPicture = makeSnapshotConverter()
  const schema = oauth.homescreen.response
  if (schema === null) throw new Error("the homescreen endpoint has no schema")
  let memory = initialDiffState
  let picture: ReturnType<typeof toPicture> = { networks: [], syncModules: [], cameras: [] }
  return (text: string): number => {
    if (readings.get("homescreen", text) === null) {
      const { value } = Effect.runSync(
        decodeIncremental("homescreen", schema, { status: 200, text }, readings.latest("homescreen")),
      )
      readings.set("homescreen", text, value)
      picture = toPicture(value, account, "fahrenheit")
    }
    const result = diff(memory, { account, takenAt, ...picture }, options)
    memory = result.diffState
    return result.events.length
  }
}

const millisOf = (run: () => unknown, times: number): number => {
  const start = performance.now()
  for (let n = 0; n < times; n++) run()
  return (performance.now() - start) / times
}

/** Time to decode and diff a response, relative to `JSON.parse` of the same text: unchanged, and with 1 % of the cameras changed. */
export const pollingCost = (cameras: number) => {
  const response = homescreen(cameras)
  const step = Math.min(100, cameras)
  const changedIn = (poll: number) =>
    JSON.stringify({
      ...response,
      cameras: response.cameras.map((camera, index) =>
        index % step === 0 ? Object.assign({}, camera, { battery: poll % 2 === 0 ? "ok" : "low" }) : camera,
      ),
    })
  const texts = [changedIn(0), changedIn(1)]
  const times = Math.max(4, Math.ceil(2000 / cameras))
  const [same, changed] = [makePoll(), makePoll()]
  let poll = 0
  const rounds = Array.from({ length: 60 }, () => {
    const parse = millisOf(() => JSON.parse(texts[0]!), times)
    same(texts[0]!)
    const unchanged = millisOf(() => same(texts[0]!), times)
    let events = 0
    const some = millisOf(() => (events += changed(texts[poll++ % 2]!)), times)
    if (poll > 2 * times && events !== times * Math.ceil(cameras / step)) throw new Error(`${events} events`)
    return { unchanged: unchanged / parse, some: some / parse }
  }).slice(10)
  return {
    unchanged: median(rounds.map((round) => round.unchanged)),
    changed: median(rounds.map((round) => round.some)),
  }
}
