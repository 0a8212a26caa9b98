import { expect, it } from "vitest"
import {
  acknowledge,
  addEvents,
  addGap,
  emptyFeed,
  filterRows,
  bufferedCount,
  toggleFeedPaused,
} from "../src/model/Feed.ts"
import { sampleEvent } from "./fixtures.ts"

const motion = (options = {}) => sampleEvent("motion", { clipId: "1", cause: "pir" }, options)

it("Feed counts motion of one camera within a minute in one row", () => {
  const feed = addEvents(emptyFeed, [
    motion({ seconds: 90 }),
    motion({ seconds: 50 }),
    motion({ seconds: 20 }),
  ])
  expect(feed.rows.map(({ subjectName, count }) => [subjectName, count])).toEqual([["Porch", 3]])
  expect(feed.total).toBe(3)
})

it("Feed starts a new row for another camera, another kind, or after a minute", () => {
  const feed = addEvents(emptyFeed, [
    motion({ seconds: 300 }),
    motion({ seconds: 200 }),
    motion({ seconds: 190, name: "Garden" }),
    sampleEvent("battery.changed", { from: "ok", to: "low" }, { seconds: 180, name: "Garden" }),
  ])
  expect(feed.rows.map(({ subjectName, text }) => `${subjectName}: ${text}`)).toEqual([
    "Porch: Motion detected",
    "Porch: Motion detected",
    "Garden: Motion detected",
    "Garden: Battery low",
  ])
})

it("Feed shows each change of the arm state in its own row", () => {
  const feed = addEvents(emptyFeed, [
    sampleEvent("arm.changed", { from: "disarmed", to: "arming", by: "command" }, { name: "Home" }),
    sampleEvent("arm.changed", { from: "arming", to: "armed", by: "command" }, { name: "Home" }),
  ])
  expect(feed.rows.map(({ text }) => text)).toEqual(["Arming by command", "Armed by command"])
})

it("Feed puts history before what occurred later, seen and without a delay", () => {
  const history = (options: object) => ({ ...motion(options), backfilled: true }) as const
  const feed = addEvents(emptyFeed, [
    motion({ seconds: 500 }),
    motion({ seconds: 200, name: "Garden" }),
    history({ seconds: 900, lag: 900, name: "Hall" }),
    history({ seconds: 860, lag: 860, name: "Hall" }),
    history({ seconds: 300, lag: 300, name: "Hall" }),
  ])
  expect(
    feed.rows.map((row) => [row.subjectName, row.count, row.acknowledged, row.replayed, row.lag]),
  ).toEqual([
    ["Hall", 2, true, true, 0],
    ["Porch", 1, false, false, 0],
    ["Hall", 1, true, true, 0],
    ["Garden", 1, false, false, 0],
  ])
})

it("Feed buffers and counts events while it is paused and adds them when it resumes", () => {
  const paused = addEvents(toggleFeedPaused(addEvents(emptyFeed, [motion({ seconds: 300 })])), [
    motion({ seconds: 90 }),
    motion({ seconds: 60 }),
  ])
  expect(paused.rows).toHaveLength(1)
  expect(bufferedCount(paused)).toBe(2)
  const running = toggleFeedPaused(paused)
  expect(running.rows.map(({ count }) => count)).toEqual([1, 2])
  expect(bufferedCount(running)).toBe(0)
})

it("Feed shows a gap as a row that no filter hides", () => {
  const feed = addGap(
    addEvents(emptyFeed, [motion()]),
    { cursor: "e1:9", reason: "cursor_expired" },
    "2026-11-24T14:29:00.000Z",
  )
  expect(feed.rows.at(-1)?.text).toBe("Events are missing (cursor expired)")
  expect(filterRows(feed.rows, "garden").map(({ subjectName }) => subjectName)).toEqual(["gap"])
})

it("filterRows keeps rows that contain every word of the filter, in any order and case", () => {
  const { rows } = addEvents(emptyFeed, [motion({ seconds: 300 }), motion({ seconds: 100, name: "Garden" })])
  expect(filterRows(rows, "GARDEN motion").map(({ subjectName }) => subjectName)).toEqual(["Garden"])
  expect(filterRows(rows, "alert")).toHaveLength(2)
  expect(filterRows(rows, "garden low")).toHaveLength(0)
})

const step = (status: string, commandId: string) =>
  sampleEvent("command.progress", { commandId, name: "arm", status }, { name: "Home" })

it("Feed keeps one row per command that shows its latest status while other events arrive", () => {
  const { rows } = addEvents(emptyFeed, [
    step("queued", "1"),
    motion(),
    step("running", "1"),
    step("queued", "2"),
    step("done", "1"),
  ])
  expect(rows.map(({ text, count }) => [text, count])).toEqual([
    ["Command arm done", 1],
    [expect.stringContaining("Motion"), 1],
    ["Command arm queued", 1],
  ])
})

it("Feed starts a new row when the previous row of the burst is acknowledged", () => {
  const seen = acknowledge(addEvents(emptyFeed, [motion({ seconds: 50 })]), null)
  expect(addEvents(seen, [motion({ seconds: 20 })]).rows.map(({ acknowledged }) => acknowledged)).toEqual([
    true,
    false,
  ])
})

it("Feed keeps the newest 1,000 rows", () => {
  const many = Array.from({ length: 1_200 }, (_, index) => motion({ seconds: 100_000 - index * 61 }))
  const { rows } = addEvents(emptyFeed, many)
  expect(rows).toHaveLength(1_000)
  expect(rows.at(-1)?.key).toBe(many.at(-1)?.id)
})

it("Feed rows carry the lag of an event and whether it was replayed", () => {
  const [row] = addEvents(emptyFeed, [motion({ lag: 38, replayed: true })]).rows
  expect(row).toMatchObject({ lag: 38_000, replayed: true })
})
