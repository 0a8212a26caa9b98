/** Number of colours: none, 16, 256, or 24 bits. */
export type ColourDepth = "none" | "16" | "256" | "truecolor"

interface ColourOptions {
  /** `--color` (`true` or a depth), `--no-color` (`false`), neither (`undefined`). */
  readonly flag: string | boolean | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly isTerminal: boolean
}

/** Colour depth of the terminal by `TERM`, `COLORTERM` and `TERM_PROGRAM`. */
const detectDepth = (environment: ColourOptions["environment"]): ColourDepth => {
  const term = environment["TERM"] ?? ""
  if (/^(truecolor|24bit)$/.test(environment["COLORTERM"] ?? "") || /kitty|ghostty|direct/.test(term))
    return "truecolor"
  if (/256/.test(term) || environment["TERM_PROGRAM"] === "Apple_Terminal") return "256"
  return "16"
}

const depthNames: Readonly<Record<string, ColourDepth>> = {
  "0": "none",
  false: "none",
  "1": "16",
  "2": "256",
  "3": "truecolor",
  "16": "16",
  "256": "256",
  truecolor: "truecolor",
}

/** Decides by flag, then `FORCE_COLOR`, then `NO_COLOR` (if not empty), then `TERM=dumb`, then `isTerminal`. */
export const colourDepth = ({ flag, environment, isTerminal }: ColourOptions): ColourDepth => {
  const depth = detectDepth(environment)
  if (flag === false) return "none"
  if (flag !== undefined) return (typeof flag === "string" && depthNames[flag]) || depth
  const forced = environment["FORCE_COLOR"]
  if (forced !== undefined && forced !== "") return depthNames[forced] ?? depth
  if ((environment["NO_COLOR"] ?? "") !== "") return "none"
  if (environment["TERM"] === "dumb") return "none"
  return isTerminal ? depth : "none"
}

/** Value of `FORCE_COLOR` for chalk, which ink uses. */
export const chalkLevel: Readonly<Record<ColourDepth, string>> = {
  none: "0",
  "16": "1",
  "256": "2",
  truecolor: "3",
}
