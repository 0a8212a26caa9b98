import type { ColourDepth } from "../terminal/colourDepth.ts"

export const pictureProtocols = ["kitty", "iterm2", "sixel", "blocks", "none"] as const
export type PictureProtocol = (typeof pictureProtocols)[number]

interface PictureProtocolOptions {
  /** A name, `false` for no pictures, or neither. */
  readonly flag: string | false | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly depth: ColourDepth
  /** Asks the terminal what it is (DA1); resolves to its answer, or to "" when it stays silent. */
  readonly query: () => Promise<string>
}

/**
 * How pictures are drawn here: as told, else by what the environment says, else by what the terminal answers
 * (attribute 4 of DA1 is sixel), else half-blocks where there are enough colours. Inside tmux and screen
 * only text gets through whole.
 */
export const pictureProtocol = async ({
  flag,
  environment,
  depth,
  query,
}: PictureProtocolOptions): Promise<PictureProtocol> => {
  if (flag === false) return "none"
  const requested = pictureProtocols.find((name) => name === flag)
  if (requested) return requested
  const textProtocol = depth === "256" || depth === "truecolor" ? "blocks" : "none"
  if (depth === "none" || environment["TMUX"] || environment["STY"]) return textProtocol
  const term = `${environment["TERM"] ?? ""} ${environment["TERM_PROGRAM"] ?? ""}`
  if (environment["KITTY_WINDOW_ID"] || /kitty|ghostty/.test(term)) return "kitty"
  if (/iTerm\.app|WezTerm|mintty/.test(term)) return "iterm2"
  return /\[\?[\d;]*;4(;|c)/.test(await query()) ? "sixel" : textProtocol
}
