import { describe, expect, it } from "vitest"
import { computeLayout, overlayPictureArea, panelPictureArea } from "../../src/screen/layout.ts"

const counts = { systems: 2, cameras: 5 }

it.each([
  [39, 50, "line"],
  [200, 7, "line"],
  [40, 8, "feed"],
  [59, 40, "feed"],
  [100, 14, "feed"],
  [60, 15, "stacked"],
  [83, 60, "stacked"],
  [84, 15, "columns"],
  [300, 100, "columns"],
] as const)("A screen of %i×%i is laid out as %s", (columns, rows, mode) => {
  expect(computeLayout(columns, rows, counts, false).mode).toBe(mode)
})

describe.each([false, true])("Panels, with the events enlarged: %s", (wide) => {
  it("Panels fill the screen without a gap, for every size and number of rows", () => {
    for (let columns = 40; columns <= 260; columns += 7)
      for (let rows = 8; rows <= 90; rows += 3)
        for (const systems of [0, 1, 12])
          for (const cameras of [0, 3, 60]) {
            const layout = computeLayout(columns, rows, { systems, cameras }, wide)
            const { mode, feed } = layout
            const size = `${columns}×${rows} ${mode}`
            const body = rows - 2
            expect(feed.width, size).toBe(columns)
            if (mode === "feed") expect(feed.height, size).toBe(body)
            if (mode === "stacked")
              expect(layout.systems.height + layout.cameras.height + feed.height, size).toBe(body)
            if (mode === "columns") {
              expect(layout.systems.width + layout.cameras.width + layout.detail.width, size).toBe(columns)
              expect(layout.systems.height + feed.height, size).toBe(body)
              expect(layout.cameras.height, size).toBe(layout.systems.height)
            }
            for (const panel of [layout.systems, layout.cameras, layout.detail, feed]) {
              expect(panel.width, size).toBeGreaterThanOrEqual(0)
              expect(panel.height, size).toBeGreaterThanOrEqual(0)
            }
            expect(feed.height, size).toBeGreaterThanOrEqual(3)
          }
  })
})

it("The detail panel appears from 110 columns and gives way to enlarged events", () => {
  expect(computeLayout(109, 40, counts, false).detail.width).toBe(0)
  expect(computeLayout(110, 40, counts, false).detail.width).toBeGreaterThan(0)
  expect(computeLayout(200, 40, counts, true).detail.width).toBe(0)
})

it("The picture of the detail panel lies inside the panel", () => {
  for (let columns = 110; columns <= 260; columns += 10) {
    const layout = computeLayout(columns, 50, counts, false)
    const area = panelPictureArea(layout)
    expect(area.column).toBe(layout.systems.width + layout.cameras.width + 2)
    expect(area.column + area.columns).toBe(columns)
    expect(area.row + area.rows).toBeLessThan(layout.detail.height + 2)
  }
})

it("The picture of the full-screen detail is beside the details from 84 columns", () => {
  expect(overlayPictureArea(83, 40)).toEqual({ column: 2, row: 3, columns: 81, rows: 26 })
  expect(overlayPictureArea(84, 40)).toEqual({ column: 2, row: 3, columns: 38, rows: 35 })
})
