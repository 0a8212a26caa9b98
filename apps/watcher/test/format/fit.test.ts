import { describe, expect, it } from "vitest"
import { columnsOf, fit } from "../../src/format/fit.ts"
import { plainTexts } from "../texts.ts"

const graphemesOf = (text: string) =>
  Array.from(
    new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text),
    ({ segment }) => segment,
  )

it.each([
  ["", 0],
  ["Porch", 5],
  ["前門", 4],
  ["👩‍👩‍👧", 2],
  ["e\u0301", 1],
  ["🇫🇷", 2],
  ["…", 1],
])("columnsOf %j is %i", (text, columns) => {
  expect(columnsOf(text)).toBe(columns)
})

describe.each([1, 2, 3, 7, 12, 40])("fit to %i columns", (columns) => {
  it("fit fills the columns exactly for every text", () => {
    for (const text of plainTexts)
      for (const align of ["left", "right"] as const)
        expect(columnsOf(fit(text, columns, align)), JSON.stringify(text)).toBe(columns)
  })

  it("fit keeps a text that fits and only adds blanks", () => {
    for (const text of plainTexts.filter((each) => columnsOf(each) <= columns)) {
      expect(fit(text, columns)).toBe(text + " ".repeat(columns - columnsOf(text)))
      expect(fit(text, columns, "right")).toBe(" ".repeat(columns - columnsOf(text)) + text)
    }
  })

  it("fit ends a text that is too long between two graphemes and marks the end", () => {
    for (const text of plainTexts.filter((each) => columnsOf(each) > columns)) {
      const [kept = ""] = fit(text, columns).split(/… *$/)
      expect(fit(text, columns)).toMatch(/… *$/)
      expect(graphemesOf(text).slice(0, graphemesOf(kept).length).join("")).toBe(kept)
    }
  })
})

it("fit shows nothing in no columns", () => {
  for (const columns of [0, -1, -20]) expect(fit("Porch", columns)).toBe("")
})

it("fit keeps as many graphemes as fit", () => {
  expect(fit("abcdef", 4)).toBe("abc…")
  expect(fit("a前門", 4)).toBe("a前…")
  expect(fit("ab前門", 4)).toBe("ab… ")
})
