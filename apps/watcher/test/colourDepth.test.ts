import { expect, it } from "vitest"
import { colourDepth } from "../src/terminal/colourDepth.ts"
import { guessTheme } from "../src/terminal/theme.ts"

const rich = { TERM: "xterm-256color", COLORTERM: "truecolor" }

it.each([
  [
    "--no-color wins over everything",
    { flag: false, environment: { ...rich, FORCE_COLOR: "3" }, isTerminal: true },
    "none",
  ],
  [
    "--color wins over NO_COLOR and a pipe",
    { flag: true, environment: { ...rich, NO_COLOR: "1" }, isTerminal: false },
    "truecolor",
  ],
  ["--color may name the depth", { flag: "16", environment: rich, isTerminal: true }, "16"],
  [
    "FORCE_COLOR wins over NO_COLOR",
    { flag: undefined, environment: { FORCE_COLOR: "2", NO_COLOR: "1" }, isTerminal: false },
    "256",
  ],
  [
    "FORCE_COLOR=0 disables colours",
    { flag: undefined, environment: { ...rich, FORCE_COLOR: "0" }, isTerminal: true },
    "none",
  ],
  [
    "NO_COLOR disables colours",
    { flag: undefined, environment: { ...rich, NO_COLOR: "1" }, isTerminal: true },
    "none",
  ],
  [
    "an empty NO_COLOR is ignored",
    { flag: undefined, environment: { ...rich, NO_COLOR: "" }, isTerminal: true },
    "truecolor",
  ],
  [
    "a dumb terminal has no colours",
    { flag: undefined, environment: { TERM: "dumb" }, isTerminal: true },
    "none",
  ],
  ["a pipe has no colours", { flag: undefined, environment: rich, isTerminal: false }, "none"],
  [
    "TERM names the number of colours",
    { flag: undefined, environment: { TERM: "screen-256color" }, isTerminal: true },
    "256",
  ],
  [
    "a terminal without further information has 16 colours",
    { flag: undefined, environment: { TERM: "xterm" }, isTerminal: true },
    "16",
  ],
] as const)("colourDepth: %s", (_, circumstances, depth) => {
  expect(colourDepth(circumstances)).toBe(depth)
})

it("guessTheme chooses the light theme for a light background in COLORFGBG", () => {
  expect(guessTheme({ COLORFGBG: "0;15" })).toBe("light")
  expect(guessTheme({ COLORFGBG: "15;0" })).toBe("dark")
  expect(guessTheme({})).toBe("dark")
})
