import { expect, it } from "vitest"
import { cleanText } from "../../src/format/cleanText.ts"
import { hostileTexts, plainTexts, unsafeCharacters } from "../texts.ts"

it("cleanText leaves no control character, escape sequence or direction override", () => {
  for (const text of hostileTexts) expect(cleanText(text), JSON.stringify(text)).not.toMatch(unsafeCharacters)
})

it("cleanText removes escape sequences with their parameters", () => {
  for (const text of hostileTexts) expect(cleanText(text)).not.toMatch(/owned|\[2J|b3duZWQ|1;1H/)
})

it("cleanText changes a clean text no more", () => {
  for (const text of hostileTexts) expect(cleanText(cleanText(text))).toBe(cleanText(text))
  for (const text of plainTexts) expect(cleanText(text)).toBe(text.trim())
})

it("cleanText keeps the characters around control characters in their order", () => {
  for (const parts of [
    ["Porch", "door"],
    ["前", "門"],
    ["👩‍👩‍👧", "é"],
  ])
    for (const control of ["\u0000", "\u0007", "\r\n", "\u0085"])
      expect(cleanText(parts.join(control))).toBe(parts.join(" "))
})

it.each([
  ["a bare escape at the end", "Porch\u001B", "Porch"],
  ["an escape before a letter", "\u001BcPorch", "Porch"],
  ["a charset selection", "\u001B(0Porch", "Porch"],
  ["a private message", "\u001B^secret\u001B\\Porch", "Porch"],
  ["an application command", "\u001B_Ga=T;AAAA\u001B\\Porch", "Porch"],
  ["a sequence with intermediate bytes", "\u001B[1 qPorch", "Porch"],
  ["an eight-bit string that is not terminated", "Porch\u0090secret", "Porch"],
  ["only blanks and controls", " \u0007 \t ", ""],
])("cleanText removes %s", (_, text, cleaned) => {
  expect(cleanText(text)).toBe(cleaned)
})
