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

it("motion of one camera within a minute is one row that counts", () => {
  const feed = addEvents(emptyFeed, [
    motion({ seconds: 90 }),
    motion({ seconds: 50 }),
    motion({ seconds: 20 }),
  ])
  expect(feed.rows.map(({ subjectName, count }) => [subjectName, count])).toEqual([["Porch", 3]])
  expect(feed.total).toBe(3)
})

it("another camera, another kind, or a minute between them begins a new row", () => {
  const feed = addEvents(emptyFeed, [
    motion({ seconds: 300 }),
    motion({ seconds: 200 }),
    motion({ seconds: 190, name: "Garden" }),
    sampleEvent("battery.changed", { from: "ok", to: "low" }, { seconds: 180, name: "Garden" }),
  ])
  expect(feed.rows.map(({ subjectName, text }) => `${subjectName}: ${text}`)).toEqual([
    "Porch: motion (pir)",
    "Porch: motion (pir)",
    "Garden: motion (pir)",
    "Garden: battery is low",
  ])
})

it("every change of the arm state keeps its own row", () => {
  const feed = addEvents(emptyFeed, [
    sampleEvent("arm.changed", { from: "disarmed", to: "arming", by: "command" }, { name: "Home" }),
    sampleEvent("arm.changed", { from: "arming", to: "armed", by: "command" }, { name: "Home" }),
  ])
  expect(feed.rows.map(({ text }) => text)).toEqual(["arming… by command", "armed by command"])
})

it("a paused feed stands still and counts; what came shows when it goes on", () => {
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

it("a gap is a row of its own, which no filter hides", () => {
  const feed = addGap(
    addEvents(emptyFeed, [motion()]),
    { from: 3, to: 9, reason: "cursor_expired" },
    "2026-11-24T14:29:00.000Z",
  )
  expect(feed.rows.at(-1)?.text).toBe("events 4 to 9 are lost here (cursor expired)")
  expect(filterRows(feed.rows, "garden").map(({ subjectName }) => subjectName)).toEqual(["gap"])
})

it("a filter needs every word, anywhere", () => {
  const { rows } = addEvents(emptyFeed, [motion({ seconds: 300 }), motion({ seconds: 100, name: "Garden" })])
  expect(filterRows(rows, "GARDEN motion").map(({ subjectName }) => subjectName)).toEqual(["Garden"])
  expect(filterRows(rows, "alarm")).toHaveLength(2)
  expect(filterRows(rows, "garden low")).toHaveLength(0)
})

const step = (status: string, commandId: string) =>
  sampleEvent("command.progress", { commandId, name: "arm", status }, { name: "Home" })

it("a command is one row that tells how far it has come, whatever happens meanwhile", () => {
  const { rows } = addEvents(emptyFeed, [
    step("queued", "1"),
    motion(),
    step("running", "1"),
    step("queued", "2"),
    step("done", "1"),
  ])
  expect(rows.map(({ text, count }) => [text, count])).toEqual([
    ["arm: done", 1],
    [expect.stringContaining("motion"), 1],
    ["arm: queued", 1],
  ])
})

it("an acknowledged row is not joined by a new event", () => {
  const seen = acknowledge(addEvents(emptyFeed, [motion({ seconds: 50 })]), null)
  expect(addEvents(seen, [motion({ seconds: 20 })]).rows.map(({ acknowledged }) => acknowledged)).toEqual([
    true,
    false,
  ])
})

it("a thousand rows are kept, the newest", () => {
  const many = Array.from({ length: 1_200 }, (_, index) => motion({ seconds: 100_000 - index * 61 }))
  const { rows } = addEvents(emptyFeed, many)
  expect(rows).toHaveLength(1_000)
  expect(rows.at(-1)?.key).toBe(many.at(-1)?.event.id)
})

it("a late event tells its lag, a replayed one that it is", () => {
  const [row] = addEvents(emptyFeed, [motion({ lag: 38, replayed: true })]).rows
  expect(row).toMatchObject({ lag: 38_000, replayed: true })
})
