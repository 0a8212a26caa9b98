import type { ColourDepth } from "./colourDepth.ts"

export type ThemeName = "dark" | "light" | "colourblind"

/** Colours by meaning. Each is accompanied by a glyph or a text. */
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
  // Okabe and Ito: distinguishable with the three common kinds of colour blindness.
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

/** ANSI colour names, which the palette of the terminal defines. No bright variants: they are unreadable on light backgrounds. */
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

/** Theme by `COLORFGBG`, which ends in the number of the background colour: 7 and 15 are light. Default `dark`. */
export const guessTheme = (environment: Readonly<Record<string, string | undefined>>): ThemeName =>
  /;(7|15)$/.test(environment["COLORFGBG"] ?? "") ? "light" : "dark"
