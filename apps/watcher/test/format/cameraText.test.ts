import { expect, it } from "vitest"
import { barsText, batteryText } from "../../src/format/cameraText.ts"
import { columnsOf } from "../../src/format/fit.ts"
import { sampleState } from "../fixtures.ts"

const [camera] = sampleState().accounts[0]!.cameras
const withBattery = (
  battery: NonNullable<typeof camera>["battery"],
  batteryBars: number | null,
): NonNullable<typeof camera> => ({ ...camera!, battery, batteryBars })

it.each([
  [null, "–"],
  [0, "·····"],
  [1, "▁····"],
  [2, "▁▃···"],
  [3, "▁▃▅··"],
  [4, "▁▃▅▆·"],
  [5, "▁▃▅▆█"],
  // The cloud has no more than five bars, but nothing guarantees it.
  [9, "▁▃▅▆█"],
])("barsText shows %s bars as %s", (bars, text) => {
  expect(barsText(bars)).toBe(text)
})

it("barsText has the same width for every number of bars", () => {
  for (const bars of [0, 1, 2, 3, 4, 5, 6]) expect(columnsOf(barsText(bars))).toBe(5)
})

it.each([
  ["ok", 3, "▮▮▮ ok"],
  ["ok", 2, "▮▮▯ ok"],
  ["low", 1, "▮▯▯ low"],
  ["low", 0, "▯▯▯ low"],
  ["ok", 7, "▮▮▮▮▮▮▮ ok"],
  ["ok", null, "ok"],
  ["low", null, "low"],
  ["mains", null, "mains"],
  ["mains", 3, "mains"],
  ["unknown", null, "?"],
] as const)("batteryText shows the battery %s with %s bars as %j", (battery, bars, text) => {
  expect(batteryText(withBattery(battery, bars))).toBe(text)
})

it("batteryText never shows an unknown battery as a charged one", () => {
  for (const bars of [null, 0, 1, 2, 3]) expect(batteryText(withBattery("unknown", bars))).toBe("?")
})
