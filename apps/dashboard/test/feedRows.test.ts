import { assert, test } from "vitest"
import { groupRows, rowHeadings, type Row } from "../src/state/feedRows.ts"
import { gapEntry } from "../src/state/logEntries.ts"
import { entry, motion, start } from "./fixtures.ts"

const window = 5 * 60_000
const none = new Map<string, Row>()
const sizes = (rows: ReadonlyArray<Row>) => rows.map((row) => ("entries" in row ? row.entries.length : "gap"))

test("groupRows merges consecutive motions of one camera into one row and keeps those of two cameras apart", () => {
  const entries = [entry(motion(3), 4), entry(motion(2), 3), entry(motion(1, 2), 2), entry(motion(0), 1)]
  assert.deepStrictEqual(sizes(groupRows(entries, 10, window, none)), [2, 1, 1])
})

test("groupRows keeps motions apart that are further apart than the window", () => {
  assert.deepStrictEqual(
    sizes(groupRows([entry(motion(9), 2), entry(motion(1), 1)], 10, window, none)),
    [1, 1],
  )
})

test("groupRows gives a gap its own row, which separates the events before and after it", () => {
  const gap = gapEntry({ from: "e:1", to: "e:5", reason: "slow_consumer" }, start, "UTC")
  const entries = [entry(motion(2), 6), gap, entry(motion(1), 1)]
  assert.deepStrictEqual(sizes(groupRows(entries, 10, window, none)), [1, "gap", 1])
})

test("groupRows keeps replayed and live events in separate rows, and rowHeadings puts a divider between them", () => {
  const rows = groupRows([entry(motion(2), 2), entry(motion(1), 1, true)], 10, window, none)
  assert.deepStrictEqual(sizes(rows), [1, 1])
  assert.strictEqual(rowHeadings(rows[0]!, undefined).divider, null)
  assert.strictEqual(rowHeadings(rows[0]!, rows[1]).divider, "live")
  assert.deepStrictEqual(rowHeadings(rows[1]!, rows[0]), { day: null, divider: "log" })
})

test("groupRows returns the same object for an unchanged row", () => {
  const older = [entry(motion(1, 2), 2), entry(motion(0), 1)]
  const before = groupRows(older, 10, window, none)
  const after = groupRows(
    [entry(motion(2), 3), ...older],
    10,
    window,
    new Map(before.map((row) => [row.key, row])),
  )
  assert.strictEqual(after[1], before[0])
  assert.strictEqual(after[2], before[1])
})

test("groupRows returns at most `limit` rows", () => {
  const entries = [entry(motion(2, 1), 3), entry(motion(1, 2), 2), entry(motion(0, 3), 1)]
  assert.deepStrictEqual(sizes(groupRows(entries, 2, window, none)), [1, 1])
})
