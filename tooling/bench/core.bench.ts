import { BlinkAccount, BlinkApi, TokenStore } from "@blink-streams/core"
import { AccountId, timestampFromMillis } from "@blink-streams/model"
import { Effect, Layer, Redacted, Result } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { lenientDecoder } from "../../packages/core/src/internal/decode/lenientDecoder.ts"
import { makeSnapshotConverter } from "../../packages/core/src/internal/toModel/toSnapshot.ts"
import { Homescreen } from "../../packages/core/src/internal/wire/homescreen.ts"
import { homescreen } from "../../packages/core/test/fixtures.ts"
import { type BenchReport, median } from "./BenchReport.ts"
import { layerCosts } from "./core/layers.ts"

const read = lenientDecoder(Homescreen, "homescreen")

/** Decodes a response text to the model, like the first poll. */
const decode = (text: string) =>
  makeSnapshotConverter()(Result.getOrThrow(read(JSON.parse(text))).value, 4200001, "fahrenheit")

const millisOf = (run: () => unknown, times: number): number => {
  const start = process.hrtime.bigint()
  for (let n = 0; n < times; n++) run()
  return Number(process.hrtime.bigint() - start) / 1e6 / times
}

const compare = (cameras: number) => {
  const text = JSON.stringify(homescreen(cameras))
  const times = Math.max(3, Math.ceil(2000 / cameras))
  const rounds = Array.from({ length: 60 }, () => {
    const parse = millisOf(() => JSON.parse(text), times)
    return { parse, decode: millisOf(() => decode(text), times) }
  }).slice(10)
  return {
    ratio: median(rounds.map((round) => round.decode / round.parse)),
    parseMs: median(rounds.map((round) => round.parse)),
    decodeMs: median(rounds.map((round) => round.decode)),
  }
}

const warmUp = 5_000
const polls = 10_000

/** Heap growth in megabytes over `polls` polls with a different response each. */
const growth = async (): Promise<number> => {
  let requests = 0
  const base = homescreen(10)
  const client = HttpClient.make((request) => {
    requests += 1
    const [first, ...others] = base.cameras
    const body = request.url.includes("homescreen")
      ? { ...base, cameras: [{ ...first, name: `Poll ${requests}` }, ...others] }
      : { temp_units: "f" }
    return Effect.succeed(HttpClientResponse.fromWeb(request, Response.json(body)))
  })
  const store = Layer.effect(
    TokenStore,
    Effect.tap(TokenStore, (saved) =>
      Effect.orDie(
        saved.save({
          version: 1,
          hardwareId: "bench",
          grant: {
            dialect: "oauth",
            accessToken: Redacted.make("bench"),
            expiresAt: timestampFromMillis(10 ** 14),
            location: { accountId: AccountId.make(4200001), tier: "u001" },
            registrationId: null,
          },
          pending: null,
          signIns: [],
        }),
      ),
    ),
  ).pipe(Layer.provide(TokenStore.layerMemory))
  const services = BlinkAccount.layer({ config: { apiUrl: "http://127.0.0.1:1" }, store }).pipe(
    Layer.provide(Layer.succeed(HttpClient.HttpClient, client)),
  )
  // The garbage collector is exposed by a flag that can be set at run time.
  setFlagsFromString("--expose-gc")
  const collect: unknown = runInNewContext("gc")
  const heap = () => {
    if (typeof collect === "function") collect()
    return process.memoryUsage().heapUsed / 2 ** 20
  }
  const program = Effect.gen(function* () {
    const { snapshot } = yield* BlinkApi
    for (let n = 0; n < warmUp; n++) yield* snapshot
    const before = heap()
    for (let n = 0; n < polls; n++) yield* snapshot
    return heap() - before
  })
  return Effect.runPromise(Effect.provide(program, services))
}

/** Measures the time of a poll relative to parsing its JSON, the worth of each cache, and heap growth over many polls. */
export default async (): Promise<BenchReport> => {
  const sizes = [10, 100, 1000] as const
  const results = sizes.map((cameras) => [cameras, compare(cameras)] as const)
  const entries = <A>(pick: (result: ReturnType<typeof compare>) => A, name: (cameras: number) => string) =>
    Object.fromEntries(results.map(([cameras, result]) => [name(cameras), pick(result)]))
  const costs = layerCosts()
  return {
    ratios: entries(
      ({ ratio }) => ratio,
      (n) => `decode${n}`,
    ),
    figures: {
      ...entries(
        ({ parseMs }) => parseMs,
        (n) => `parse${n}Ms`,
      ),
      ...entries(
        ({ decodeMs }) => decodeMs,
        (n) => `decode${n}Ms`,
      ),
      ...Object.fromEntries(costs),
      growthMb: await growth(),
    },
    goals: {
      ...Object.fromEntries([...costs.keys()].map((name) => [name, { atLeast: 1.1 }])),
      ...Object.fromEntries(sizes.map((n) => [`decode${n}`, { atMost: 2 }])),
      growthMb: { atMost: 5 },
    },
  }
}
