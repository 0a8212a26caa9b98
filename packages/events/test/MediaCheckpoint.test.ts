import {
  advance,
  type MediaCheckpoint,
  type MediaWalk,
  sinceOf,
  sweepDue,
} from "@blink-streams/events/MediaCheckpoint"
import { assert, it } from "@effect/vitest"
import { at, clip } from "./facts.ts"

const walk = (set: Partial<MediaWalk> = {}): MediaWalk => ({
  startedAt: at(1000),
  serverTime: at(1000),
  clips: [clip(900), clip(800)],
  whole: true,
  sweep: false,
  ...set,
})
const settled: MediaCheckpoint = { highWater: at(500), baselineAt: at(0), knownBefore: null, sweptAt: at(0) }

it("the first look asks for everything, and so does one that never saw a row", () => {
  assert.strictEqual(sinceOf(null, false, null), null)
  assert.strictEqual(sinceOf(advance(null, walk({ clips: [] })), false, null), null)
})

it("later looks overlap the newest row by two minutes", () =>
  assert.strictEqual(sinceOf(advance(settled, walk()), false, null), at(930 - 120)))

it("while nothing newer comes, the overlap shrinks to a quarter of an hour before the last whole look", () => {
  assert.strictEqual(sinceOf(settled, false, at(600)), at(500 - 120))
  assert.strictEqual(sinceOf(settled, false, at(10_000)), at(10_000 - 900))
})

it("the mark never goes back", () =>
  assert.strictEqual(advance(settled, walk({ clips: [clip(1)] })).highWater, at(500)))

it("the mark does not pass the cloud's time at the start of a look", () => {
  const during = clip(0, { updatedAt: at(1200) })
  assert.strictEqual(advance(settled, walk({ clips: [during] })).highWater, at(1000))
})

it("a first look that found more than it may read knows what it did not see", () => {
  assert.strictEqual(advance(null, walk()).knownBefore, null)
  assert.strictEqual(advance(null, walk({ whole: false })).knownBefore, at(800))
})

it("once a day a look reaches back to a day before the last such look", () => {
  const day = 86_400
  assert.isFalse(sweepDue(settled, at(day - 1)))
  assert.isTrue(sweepDue(settled, at(day)))
  assert.strictEqual(sinceOf(settled, true, at(86_400)), at(-day))
  assert.strictEqual(advance(settled, walk({ sweep: true })).sweptAt, at(1000))
})
