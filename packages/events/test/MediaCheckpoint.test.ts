import {
  advanceCheckpoint,
  MediaCheckpoint,
  type MediaScan,
  scanSince,
  isFullScanDue,
  startCheckpoint,
} from "../src/internal/derive/MediaCheckpoint.ts"
import { assert, it } from "@effect/vitest"
import { Schema } from "effect"
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
  baselineComplete: true,
  baselineFrom: null,
  lastFullScanAt: at(0),
}

const started = startCheckpoint(scan())

it("scanSince requests all clips on the first poll and while no clip was ever listed", () => {
  assert.strictEqual(scanSince(null, false, null), null)
  assert.strictEqual(scanSince(started, false, null), null)
  assert.strictEqual(scanSince(advanceCheckpoint(started, scan({ clips: [] })), false, null), null)
})

it("scanSince overlaps the newest clip by two minutes", () =>
  assert.strictEqual(scanSince(advanceCheckpoint(checkpoint, scan()), false, null), at(930 - 120)))

it("scanSince shrinks the overlap to 15 minutes before the last complete scan while no newer clip exists", () => {
  assert.strictEqual(scanSince(checkpoint, false, at(600)), at(500 - 120))
  assert.strictEqual(scanSince(checkpoint, false, at(10_000)), at(10_000 - 900))
})

it("advanceCheckpoint never moves the high-water mark back", () =>
  assert.strictEqual(advanceCheckpoint(checkpoint, scan({ clips: [clip(1)] })).highWater, at(500)))

it("advanceCheckpoint keeps the high-water mark at or before the cloud's time at the start of the scan", () => {
  const during = clip(0, { updatedAt: at(1200) })
  assert.strictEqual(advanceCheckpoint(checkpoint, scan({ clips: [during] })).highWater, at(1000))
})

it("advanceCheckpoint notes the oldest listed clip when the first scan is incomplete", () => {
  assert.strictEqual(advanceCheckpoint(started, scan()).baselineFrom, null)
  assert.strictEqual(advanceCheckpoint(started, scan({ complete: false })).baselineFrom, at(800))
})

it("A full scan is due once a day and reaches back to a day before the last one", () => {
  const day = 86_400
  assert.isFalse(isFullScanDue(checkpoint, at(day - 1)))
  assert.isTrue(isFullScanDue(checkpoint, at(day)))
  assert.strictEqual(scanSince(checkpoint, true, at(86_400)), at(-day))
  assert.strictEqual(advanceCheckpoint(checkpoint, scan({ fullScan: true })).lastFullScanAt, at(1000))
})

it("A full scan is due when the clock was set back by more than a day", () => {
  const later = { ...checkpoint, lastFullScanAt: at(86_400) }
  assert.isFalse(isFullScanDue(later, at(0)))
  assert.isTrue(isFullScanDue(later, at(-1)))
})

it("scanSince of a full scan never starts later than the overlap with the newest clip", () => {
  const recent = { ...checkpoint, lastFullScanAt: at(2 * 86_400) }
  assert.strictEqual(scanSince(recent, true, null), at(500 - 120))
})

it("scanSince requests all clips while no clip was ever listed, in a full scan too", () =>
  assert.isNull(scanSince({ ...checkpoint, highWater: null }, true, at(600))))

it("The baseline is at the start of the first scan, by the cloud's clock where it is known", () => {
  const start = { startedAt: at(1000), serverTime: at(1007) }
  assert.deepStrictEqual(startCheckpoint(start), {
    highWater: null,
    baselineAt: at(1007),
    baselineComplete: false,
    baselineFrom: null,
    lastFullScanAt: at(1000),
  })
  assert.strictEqual(startCheckpoint({ ...start, serverTime: null }).baselineAt, at(1000))
})

it("advanceCheckpoint keeps the baseline of the first scan when a restart has begun it again", () => {
  assert.deepStrictEqual(
    advanceCheckpoint(started, scan({ startedAt: at(2000), serverTime: at(2007), fullScan: true })),
    {
      highWater: at(930),
      baselineAt: at(1000),
      baselineComplete: true,
      baselineFrom: null,
      lastFullScanAt: at(2000),
    },
  )
  assert.deepStrictEqual(advanceCheckpoint(started, scan({ serverTime: null, clips: [], complete: false })), {
    highWater: null,
    baselineAt: at(1000),
    baselineComplete: true,
    baselineFrom: at(1000),
    lastFullScanAt: at(1000),
  })
})

it("advanceCheckpoint moves only the high-water mark unless it was a full scan", () => {
  assert.deepStrictEqual(advanceCheckpoint(checkpoint, scan()), { ...checkpoint, highWater: at(930) })
  assert.deepStrictEqual(advanceCheckpoint(checkpoint, scan({ clips: [] })), checkpoint)
})

it("advanceCheckpoint takes the newest clip in any order, as the high-water mark of a list that was empty", () => {
  const empty = { ...checkpoint, highWater: null }
  const clips = [clip(100), clip(300), clip(200)]
  assert.strictEqual(advanceCheckpoint(empty, scan({ clips })).highWater, at(330))
  assert.strictEqual(advanceCheckpoint(empty, scan({ clips, serverTime: null })).highWater, at(330))
  assert.isNull(advanceCheckpoint(empty, scan({ clips: [] })).highWater)
})

it("A checkpoint is stored with all its fields", () => {
  const stored = { ...checkpoint, baselineFrom: at(3) }
  assert.deepStrictEqual(Schema.decodeSync(MediaCheckpoint)({ ...stored }), stored)
})
