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

it("scanSince requests all clips on the first poll and while no clip was ever listed", () => {
  assert.strictEqual(scanSince(null, false, null), null)
  assert.strictEqual(scanSince(advanceCheckpoint(null, scan({ clips: [] })), false, null), null)
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
  assert.strictEqual(advanceCheckpoint(null, scan()).baselineFrom, null)
  assert.strictEqual(advanceCheckpoint(null, scan({ complete: false })).baselineFrom, at(800))
})

it("A full scan is due once a day and reaches back to a day before the last one", () => {
  const day = 86_400
  assert.isFalse(isFullScanDue(checkpoint, at(day - 1)))
  assert.isTrue(isFullScanDue(checkpoint, at(day)))
  assert.strictEqual(scanSince(checkpoint, true, at(86_400)), at(-day))
  assert.strictEqual(advanceCheckpoint(checkpoint, scan({ fullScan: true })).lastFullScanAt, at(1000))
})
