import {
  advanceCheckpoint,
  type MediaCheckpoint,
  type MediaScan,
  scanSince,
  isFullScanDue,
} from "../src/internal/derive/MediaCheckpoint.ts"
import { assert, it } from "@effect/vitest"
import { at, clip } from "./fixtures.ts"

const scan = (set: Partial<MediaScan> = {}): MediaScan => ({
  startedAt: at(1000),
  serverTime: at(1000),
  clips: [clip(900), clip(800)],
  complete: true,
  fullScan: false,
  ...set,
})
const checkpoint: MediaCheckpoint = {
  highWater: at(500),
  baselineAt: at(0),
  baselineFrom: null,
  lastFullScanAt: at(0),
}

it("the first look asks for everything, and so does one that never saw a row", () => {
  assert.strictEqual(scanSince(null, false, null), null)
  assert.strictEqual(scanSince(advanceCheckpoint(null, scan({ clips: [] })), false, null), null)
})

it("later looks overlap the newest row by two minutes", () =>
  assert.strictEqual(scanSince(advanceCheckpoint(checkpoint, scan()), false, null), at(930 - 120)))

it("while nothing newer comes, the overlap shrinks to a quarter of an hour before the last whole look", () => {
  assert.strictEqual(scanSince(checkpoint, false, at(600)), at(500 - 120))
  assert.strictEqual(scanSince(checkpoint, false, at(10_000)), at(10_000 - 900))
})

it("the mark never goes back", () =>
  assert.strictEqual(advanceCheckpoint(checkpoint, scan({ clips: [clip(1)] })).highWater, at(500)))

it("the mark does not pass the cloud's time at the start of a look", () => {
  const during = clip(0, { updatedAt: at(1200) })
  assert.strictEqual(advanceCheckpoint(checkpoint, scan({ clips: [during] })).highWater, at(1000))
})

it("a first look that found more than it may read knows what it did not see", () => {
  assert.strictEqual(advanceCheckpoint(null, scan()).baselineFrom, null)
  assert.strictEqual(advanceCheckpoint(null, scan({ complete: false })).baselineFrom, at(800))
})

it("once a day a look reaches back to a day before the last such look", () => {
  const day = 86_400
  assert.isFalse(isFullScanDue(checkpoint, at(day - 1)))
  assert.isTrue(isFullScanDue(checkpoint, at(day)))
  assert.strictEqual(scanSince(checkpoint, true, at(86_400)), at(-day))
  assert.strictEqual(advanceCheckpoint(checkpoint, scan({ fullScan: true })).lastFullScanAt, at(1000))
})
