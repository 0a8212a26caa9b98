import { assert, test } from "vitest"
import { formatAge, formatDuration } from "../src/format/duration.ts"
import { armedIntervals } from "../src/format/armedIntervals.ts"
import { eventStyle } from "../src/format/eventStyle.ts"
import { occupiedBuckets } from "../src/format/occupiedBuckets.ts"
import { formatDay, localDay } from "../src/format/dateTime.ts"
import { armChange, entry, motion } from "./fixtures.ts"

test("formatDuration uses the largest unit and rounds down", () => {
  assert.deepStrictEqual([59_999, 60_000, 3_599_999, 86_400_000 * 2.9].map(formatDuration), [
    "59 s",
    "1 min",
    "59 min",
    "2 d",
  ])
})

test('formatAge returns "just now" for a time in the future', () => {
  assert.strictEqual(formatAge(2_000, 1_000), "just now")
})

test("localDay uses the given time zone, not the browser's", () => {
  assert.deepStrictEqual(localDay("2026-03-14T23:30:00Z", "Europe/Berlin"), { day: "2026-03-15", minute: 30 })
  assert.deepStrictEqual(localDay("2026-03-14T02:30:00Z", "America/New_York"), {
    day: "2026-03-13",
    minute: 22 * 60 + 30,
  })
})

test("localDay falls back to the browser's time zone when it does not support the given one", () => {
  assert.match(localDay("2026-03-14T12:00:00Z", "Middle-earth/Shire").day, /^2026-03-1\d$/)
})

test("localDay matches Intl around daylight saving changes and in zones with odd offsets", () => {
  const instants = [
    "2026-03-29T00:59:59Z",
    "2026-03-29T01:00:00Z",
    "2026-10-25T00:30:00Z",
    "2026-10-25T01:30:00Z",
  ]
  for (const zone of ["Europe/Berlin", "Asia/Kathmandu", "Pacific/Apia", "America/St_Johns"])
    for (const instant of instants) {
      const { day, minute } = localDay(instant, zone)
      const text = new Date(instant).toLocaleString("sv-SE", { timeZone: zone })
      const clock = `${Math.floor(minute / 60)}`.padStart(2, "0") + ":" + `${minute % 60}`.padStart(2, "0")
      assert.strictEqual(`${day} ${clock}`, text.slice(0, 16), `${instant} in ${zone}`)
    }
})

test('formatDay returns "Yesterday" across the end of a month', () => {
  assert.strictEqual(formatDay("2026-02-28", "2026-03-01"), "Yesterday")
  assert.strictEqual(formatDay("2026-03-01", "2026-03-01"), "Today")
})

test("occupiedBuckets returns each bucket once and ignores times outside of the range", () => {
  assert.deepStrictEqual(occupiedBuckets([-1, 0, 9, 10, 99, 100], 0, 100, 10), [0, 1, 9])
})

test("armedIntervals returns intervals from arming to disarming, the last one open until the end minute", () => {
  const changes = [
    armChange(60, "disarmed", "armed"),
    armChange(120, "armed", "disarmed"),
    armChange(180, "disarmed", "armed"),
  ]
  assert.deepStrictEqual(
    armedIntervals(
      changes.map((event, index) => entry(event, index)),
      700,
    ),
    [
      [420, 480],
      [540, 700],
    ],
  )
})

test("armedIntervals starts at midnight when the first change is a disarming, and is empty without a change", () => {
  assert.deepStrictEqual(armedIntervals([entry(armChange(0, "armed", "disarmed"), 1)], 1440), [[0, 360]])
  assert.deepStrictEqual(armedIntervals([entry(motion(0), 1)], 1440), [])
})

test("An unknown arm state counts neither as armed nor as disarmed", () => {
  assert.deepStrictEqual(armedIntervals([entry(armChange(0, "disarmed", "unknown"), 1)], 1440), [])
  assert.strictEqual(eventStyle(armChange(0, "armed", "unknown")).icon, "question")
})

test("eventStyle is bad for a problem and a failed command, good for the end of a problem", () => {
  const { data: _, kind: __, ...common } = armChange(0, "armed", "armed")
  const command = (status: "done" | "failed") =>
    eventStyle({ ...common, kind: "command.progress", data: { commandId: "1", name: "arm", status } })
  const health = (to: string) =>
    eventStyle({ ...common, kind: "health.changed", data: { source: "clips", from: "ok", to } })
  assert.deepStrictEqual(
    [command("done"), command("failed")],
    [
      { icon: "command", tone: "neutral" },
      { icon: "close", tone: "bad" },
    ],
  )
  assert.deepStrictEqual([health("ok").tone, health("stale").tone], ["good", "bad"])
})

test("eventStyle is neutral for an event kind that the page does not know", () => {
  const event = { ...motion(0), kind: "comet.seen" } as never
  assert.deepStrictEqual(eventStyle(event), { icon: "question", tone: "neutral" })
})
