import { expect, it } from "vitest"
import { cleanText } from "../src/format/cleanText.ts"
import { columnsOf, fit } from "../src/format/fit.ts"

it.each([
  ["colours", "\u001B[31mPorch\u001B[0m", "Porch"],
  ["cursor movements", "Po\u001B[2J\u001B[Hrch", "Porch"],
  ["a window title", "\u001B]0;owned\u0007Porch", "Porch"],
  ["an unterminated window title", "Porch\u001B]0;owned", "Porch"],
  ["a device control string", "\u001BP1;2q#0\u001B\\Porch", "Porch"],
  ["eight-bit controls", "\u009B31mPorch", "Porch"],
  ["line breaks and bells", "Por\r\n\u0007ch", "Por ch"],
  ["direction overrides", "\u202EhcroP\u202C\u2066x\u2069", "hcroPx"],
])("cleanText removes %s", (_, name, cleaned) => {
  expect(cleanText(name)).toBe(cleaned)
})

it("cleanText keeps emoji, Arabic and Chinese unchanged", () => {
  for (const name of ["👩‍👩‍👧 Kinder", "باب المنزل", "前門", "Tür é"]) expect(cleanText(name)).toBe(name)
})

it("fit truncates or pads text to exact columns and never splits a wide character", () => {
  expect(fit("前門前門", 5)).toBe("前門…")
  expect(columnsOf(fit("前門前門", 4))).toBe(4)
  expect(columnsOf(fit("👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧", 5))).toBe(5)
  expect(fit("Porch", 8)).toBe("Porch   ")
  expect(fit("Porch", 8, "right")).toBe("   Porch")
  expect(fit("x".repeat(300), 10)).toBe("xxxxxxxxx…")
  expect(fit("Porch", 0)).toBe("")
})
