import type { ColourDepth } from "./colourDepth.ts"

export type ThemeName = "dark" | "light" | "colourblind"

/** Colours by what they mean. Every one of them stands beside a glyph and a word. */
export interface Theme {
  readonly accent: string
  readonly muted: string
  readonly good: string
  readonly warning: string
  readonly alarm: string
  readonly armed: string
  readonly border: string
  readonly selected: string
}

const palettes: Readonly<Record<ThemeName, Theme>> = {
  dark: {
    accent: "#7cc4ff",
    muted: "#7f8a99",
    good: "#7fd18b",
    warning: "#f0b35a",
    alarm: "#ff7d7d",
    armed: "#c6a5ff",
    border: "#3d4754",
    selected: "#22405c",
  },
  light: {
    accent: "#0b5cad",
    muted: "#68717d",
    good: "#1d7a35",
    warning: "#9a5b00",
    alarm: "#b3261e",
    armed: "#6a3fb5",
    border: "#b9c1cb",
    selected: "#d3e5f7",
  },
  // Okabe and Ito: told apart by the three common kinds of colour blindness.
  colourblind: {
    accent: "#56b4e9",
    muted: "#8a8f98",
    good: "#009e73",
    warning: "#e69f00",
    alarm: "#d55e00",
    armed: "#cc79a7",
    border: "#4a5058",
    selected: "#0072b2",
  },
}

/** Names that the user's own palette fills in; a light palette has no bright variants that can be read. */
const basicPalette: Theme = {
  accent: "cyan",
  muted: "gray",
  good: "green",
  warning: "yellow",
  alarm: "red",
  armed: "magenta",
  border: "gray",
  selected: "blue",
}

export const themeOf = (name: ThemeName, depth: ColourDepth): Theme =>
  depth === "truecolor" || depth === "256" ? palettes[name] : basicPalette

/** `COLORFGBG` ends in the number of the background where a terminal sets it; 7 and 15 are light. */
export const guessTheme = (environment: Readonly<Record<string, string | undefined>>): ThemeName =>
  /;(7|15)$/.test(environment["COLORFGBG"] ?? "") ? "light" : "dark"
