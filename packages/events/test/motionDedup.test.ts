import {
  clipKey,
  DedupState,
  detectionOf,
  type DetectionSource,
  emittedByLegacyKey,
  isDuplicate,
} from "../src/internal/derive/motionDedup.ts"
import { NetworkId, timestampFromMillis } from "@blink-streams/model"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { network } from "./fixtures.ts"

/** Start of a minute in Unix seconds. */
const minute = 30_000_000 * 60
const at = (second: number) => timestampFromMillis((minute + second) * 1000)

/** Records detections of one camera. Returns whether each is a duplicate. */
const makeRecorder = (saved = new Map<string, unknown>()) => ({
  saved,
  record: (source: DetectionSource, second: number, camera = "camera:1") =>
    isDuplicate(
      detectionOf(network, camera, at(second)),
      source,
      (key) => saved.get(key),
      (key, state) => void saved.set(key, state),
    ),
})

const recordAll = (...detections: ReadonlyArray<readonly [DetectionSource, number]>) => {
  const { record } = makeRecorder()
  return detections.map(([source, second]) => record(source, second))
}

it("Metadata keys name the clip", () => {
  assert.strictEqual(clipKey("77"), "clip:77")
  assert.strictEqual(emittedByLegacyKey("77"), "legacy-emitted:77")
})

it("detectionOf has the second and the keys of its minute and the two beside it", () => {
  const keys = [-1, 0, 1].map((offset) => `detections:${network}:camera:1:${30_000_000 + offset}`)
  const millis = (offset: number) => timestampFromMillis(minute * 1000 + offset)
  assert.deepStrictEqual<unknown>(detectionOf(network, "camera:1", millis(0)), { second: minute, keys })
  assert.deepStrictEqual<unknown>(detectionOf(network, "camera:1", millis(59_999)), {
    second: minute + 59,
    keys,
  })
  assert.notDeepEqual<unknown>(detectionOf(network, "camera:1", millis(60_000)).keys, keys)
  assert.notDeepEqual<unknown>(detectionOf(NetworkId.make(9), "camera:1", millis(0)).keys, keys)
})

describe("isDuplicate", () => {
  for (const source of ["cloud", "local", "legacy"] as const)
    it(`isDuplicate recognises a motion of ${source} in every other list, and never in its own`, () => {
      for (const other of ["cloud", "local", "legacy"] as const)
        assert.deepStrictEqual(recordAll([source, 5], [other, 5]), [false, other !== source])
    })

  it("isDuplicate matches times up to 2 seconds apart, in either direction", () => {
    for (const [skew, expected] of [
      [-3, false],
      [-2, true],
      [0, true],
      [2, true],
      [3, false],
    ] as const)
      assert.deepStrictEqual(recordAll(["cloud", 30], ["local", 30 + skew]), [false, expected])
  })

  it("isDuplicate matches across the end of a minute, and only in the minutes beside it", () => {
    assert.deepStrictEqual(recordAll(["cloud", 59], ["local", 60]), [false, true])
    assert.deepStrictEqual(recordAll(["cloud", 60], ["local", 59]), [false, true])
    assert.deepStrictEqual(recordAll(["cloud", 0], ["local", 120]), [false, false])
  })

  it("isDuplicate keeps cameras apart", () => {
    const { record } = makeRecorder()
    record("cloud", 5, "camera:1")
    assert.isFalse(record("local", 5, "mini:1"))
    assert.isTrue(record("local", 5, "camera:1"))
  })

  it("isDuplicate matches each entry once", () => {
    assert.deepStrictEqual(recordAll(["cloud", 5], ["local", 5], ["local", 5]), [false, true, false])
    const [cloud, local] = [["cloud", 5] as const, ["local", 5] as const]
    assert.deepStrictEqual(recordAll(local, local, cloud, cloud, cloud), [false, false, true, true, false])
    assert.deepStrictEqual(recordAll(cloud, ["local", 6], ["legacy", 6]), [false, true, true])
  })

  it("isDuplicate saves the seconds of the minute in order, by list", () => {
    const { record, saved } = makeRecorder()
    for (const second of [30, 9, 100, 20]) record("cloud", second)
    record("legacy", 21)
    record("local", -1)
    const [before, own, after] = detectionOf(network, "camera:1", at(0)).keys
    assert.deepStrictEqual(Object.fromEntries(saved), {
      [before]: { local: [minute - 1] },
      [own]: { cloud: [9, 20, 30].map((second) => minute + second), legacy: [minute + 21] },
      [after]: { cloud: [minute + 100] },
    })
    for (const state of saved.values())
      assert.deepStrictEqual(Schema.decodeUnknownSync(DedupState)(state), state)
  })

  it("isDuplicate ignores metadata of another form", () => {
    const [, own] = detectionOf(network, "camera:1", at(5)).keys
    const { record, saved } = makeRecorder(new Map([[own, { cloud: "no list", local: [minute + 5] }]]))
    assert.isFalse(record("legacy", 5))
    assert.deepStrictEqual(saved.get(own), { legacy: [minute + 5] })
  })
})

/** Largest number of pairs, by trying every choice for the first of `ones`. */
const largestMatching = (ones: ReadonlyArray<number>, others: ReadonlyArray<number>): number => {
  const [first, ...rest] = ones
  if (first === undefined) return 0
  const choices = others.flatMap((other, index) =>
    Math.abs(first - other) <= 2 ? [1 + largestMatching(rest, others.toSpliced(index, 1))] : [],
  )
  return Math.max(largestMatching(rest, others), ...choices)
}

const Detections = Schema.Array(
  Schema.Struct({
    source: Schema.Literals(["cloud", "local"]),
    second: Schema.Int.check(Schema.isBetween({ minimum: 50, maximum: 70 })),
  }),
).check(Schema.isMaxLength(12))

it.effect.prop(
  "isDuplicate counts the largest number of pairs of two lists, in any order of detection",
  { detections: Detections },
  ({ detections }) =>
    Effect.sync(() => {
      const { record } = makeRecorder()
      const duplicates = detections.filter(({ source, second }) => record(source, second))
      const secondsOf = (list: DetectionSource) =>
        detections.flatMap(({ source, second }) => (source === list ? [second] : []))
      assert.lengthOf(duplicates, largestMatching(secondsOf("cloud"), secondsOf("local")))
    }),
)
