import type { ColourDepth } from "../terminal/colourDepth.ts"

export const pictureProtocols = ["kitty", "iterm2", "sixel", "blocks", "none"] as const
export type PictureProtocol = (typeof pictureProtocols)[number]

interface PictureProtocolOptions {
  /** `--images`: a protocol, `false` for no pictures, `undefined` to detect it. */
  readonly flag: string | false | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly depth: ColourDepth
  /** Sends DA1 to the terminal; resolves to its reply, or to "" without one. */
  readonly query: () => Promise<string>
}

/**
 * Chooses how to draw pictures: by flag, then by environment, then by the reply of the terminal (attribute 4 of DA1
 * means sixel), then half-blocks with 256 colours or more. tmux and screen pass only text, so half-blocks are used there.
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
