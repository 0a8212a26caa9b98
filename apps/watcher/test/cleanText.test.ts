import { expect, it } from "vitest"
import { cleanText } from "../src/format/cleanText.ts"
import { columnsOf, fit } from "../src/format/fit.ts"

it.each([
  ["colours", "\u001B[31mPorch\u001B[0m", "Porch"],
  ["cursor movements", "Po\u001B[2J\u001B[Hrch", "Porch"],
  ["a window title", "\u001B]0;owned\u0007Porch", "Porch"],
  ["a title that is never ended", "Porch\u001B]0;owned", "Porch"],
  ["a device control string", "\u001BP1;2q#0\u001B\\Porch", "Porch"],
  ["eight-bit controls", "\u009B31mPorch", "Porch"],
  ["line breaks and bells", "Por\r\n\u0007ch", "Por ch"],
  ["turned directions", "\u202EhcroP\u202C\u2066x\u2069", "hcroPx"],
])("a name loses %s", (_, name, cleaned) => {
  expect(cleanText(name)).toBe(cleaned)
})

it("emoji, Arabic and Chinese stay as they are", () => {
  for (const name of ["👩‍👩‍👧 Kinder", "باب المنزل", "前門", "Tür é"]) expect(cleanText(name)).toBe(name)
})

it("a text is cut to exact columns, never through a wide character", () => {
  expect(fit("前門前門", 5)).toBe("前門…")
  expect(columnsOf(fit("前門前門", 4))).toBe(4)
  expect(columnsOf(fit("👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧", 5))).toBe(5)
  expect(fit("Porch", 8)).toBe("Porch   ")
  expect(fit("Porch", 8, "right")).toBe("   Porch")
  expect(fit("x".repeat(300), 10)).toBe("xxxxxxxxx…")
  expect(fit("Porch", 0)).toBe("")
})
