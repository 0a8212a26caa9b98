import { AccountId, timestampFromMillis } from "@blink-streams/model"
import { Effect, Schema } from "effect"
import { decodeIncremental } from "../../../packages/core/src/internal/decode/decodeIncremental.ts"
import { decodeResponse } from "../../../packages/core/src/internal/decode/decodeResponse.ts"
import { makeResponseCache } from "../../../packages/core/src/internal/decode/memo.ts"
import { makeSnapshotConverter } from "../../../packages/core/src/internal/toModel/toSnapshot.ts"
import { Homescreen } from "../../../packages/core/src/internal/wire/homescreen.ts"
import { homescreen } from "../../../packages/core/test/fixtures.ts"
import { initialDiffState } from "../../../packages/events/src/internal/derive/DiffState.ts"
import { diff, type DiffOptions } from "../../../packages/events/src/internal/derive/diff.ts"
import { median } from "../BenchReport.ts"

/** Layers of a poll that remember something of the previous response. */
const layers = ["ResponseText", "IncrementalJson", "CompiledDecoder", "ConvertedMembers"] as const
type Layer = (typeof layers)[number]

const account = AccountId.make(4_200_001)
const takenAt = timestampFromMillis(1_800_000_000_000)
const options: DiffOptions = {
  heldNetworks: new Set(),
  limits: { lowestCelsius: 5, highestCelsius: 35 },
  armedBy: new Map(),
}

/** Processes a response text like a poll, from the text to the events, without one layer. Returns the number of events. */
const makePath = (without: Layer | null) => {
  const responses = makeResponseCache(1)
  const converter = makeSnapshotConverter()
  let state = initialDiffState

  const decode = (text: string): Homescreen => {
    const schema = without === "CompiledDecoder" ? Schema.Struct(Homescreen.fields) : Homescreen
    const response = { status: 200, text }
    const decoded =
      without === "IncrementalJson"
        ? decodeResponse("homescreen", schema, response)
        : decodeIncremental("homescreen", schema, response, responses.latest("homescreen"))
    const { value } = Effect.runSync(decoded)
    responses.set("homescreen", text, value)
    return value
  }

  let last: { readonly text: string; readonly value: Homescreen } | null = null
  return (text: string): number => {
    const isKnown = without !== "ResponseText" && last?.text === text
    const value = isKnown && last !== null ? last.value : decode(text)
    last = { text, value }
    const convert = without === "ConvertedMembers" ? makeSnapshotConverter() : converter
    const result = diff(state, { account, takenAt, ...convert(value, account, "fahrenheit") }, options)
    state = result.diffState
    return result.events.length
  }
}

const millisOf = (run: () => unknown, times: number): number => {
  const start = performance.now()
  for (let n = 0; n < times; n++) run()
  return (performance.now() - start) / times
}

const response = homescreen(1000)

/** Two texts that differ in a field of 1 % of the cameras, in strings of their own as the network delivers them. */
const textsWith = (field: string, values: readonly [string, string]): ReadonlyArray<string> =>
  values.map((value) =>
    Buffer.from(
      JSON.stringify({
        ...response,
        cameras: response.cameras.map((camera, index) =>
          index % 100 === 0 ? Object.assign({}, camera, { [field]: value }) : camera,
        ),
      }),
    ).toString(),
  )

/** Responses of consecutive polls: unchanged, with 1 % changed cameras, and with a heartbeat of 1 % only. */
const shapes = [
  textsWith("battery", ["ok", "ok"]),
  textsWith("battery", ["ok", "low"]),
  textsWith("updated_at", ["2026-05-02T19:11:04+00:00", "2026-05-02T19:12:04+00:00"]),
]

const pollsPerRound = 4

/** Time of each path without a layer, relative to the path with all layers. */
const compare = (texts: ReadonlyArray<string>): ReadonlyArray<number> => {
  const paths = [null, ...layers].map(makePath)
  const rounds = Array.from({ length: 60 }, () =>
    paths.map((path) => {
      let poll = 0
      return millisOf(() => path(texts[poll++ % texts.length]!), pollsPerRound)
    }),
  ).slice(10)
  return layers.map((_, index) => median(rounds.map((round) => round[index + 1]! / round[0]!)))
}

/**
 * Time of a poll of 1,000 cameras without one layer, relative to the time with it, in the shape in which it helps
 * most. A layer that gives less than 10 % is not worth its code.
 */
export const layerCosts = (): ReadonlyMap<string, number> => {
  const costs = shapes.map(compare)
  return new Map(
    layers.map((layer, index) => [`without${layer}`, Math.max(...costs.map((cost) => cost[index]!))]),
  )
}
