import { drawText, glyphHeight } from "./font.ts"

export interface RgbaImage {
  readonly width: number
  readonly height: number
  /** RGBA bytes, row by row. */
  readonly data: Uint8Array
}

type Color = readonly [red: number, green: number, blue: number]

/** Colour of the hue `hueTurn` (0 to 1, any integer part is ignored) with channels between 35 % and 100 % of `brightness`. */
const hue = (hueTurn: number, brightness: number): Color => {
  const channel = (shift: number) => {
    const distance = Math.abs(((((hueTurn + shift) % 1) + 1) % 1) - 0.5) * 2
    return Math.round(brightness * (0.35 + 0.65 * distance))
  }
  return [channel(0), channel(1 / 3), channel(2 / 3)]
}

/** Draws sky and ground in the camera's hue, a person, and lines of text. `hueTurn` and `personPosition` are 0 to 1. */
export const drawScene = (options: {
  readonly width: number
  readonly height: number
  readonly hueTurn: number
  readonly personPosition: number
  readonly lines: ReadonlyArray<string>
}): RgbaImage => {
  const { width, height, hueTurn } = options
  const data = new Uint8Array(width * height * 4)
  const paint = (x: number, y: number, [red, green, blue]: Color) => {
    if (x < 0 || y < 0 || x >= width || y >= height) return
    const at = (y * width + x) * 4
    data[at] = red
    data[at + 1] = green
    data[at + 2] = blue
    data[at + 3] = 255
  }
  const horizon = Math.round(height * 0.6)
  for (let y = 0; y < height; y++) {
    const color =
      y < horizon
        ? hue(hueTurn, 90 + (110 * y) / horizon)
        : hue(hueTurn + 0.4, 60 + (60 * (height - y)) / height)
    for (let x = 0; x < width; x++) paint(x, y, color)
  }
  const middle = Math.round(options.personPosition * width)
  const tall = Math.round(height * 0.35)
  for (let y = horizon + tall / 4 - tall; y < horizon + tall / 4; y++) {
    const wide = y < horizon - tall / 2 ? tall / 9 : tall / 6
    for (let x = middle - wide; x < middle + wide; x++) paint(Math.round(x), Math.round(y), [35, 30, 40])
  }
  const scale = Math.max(1, Math.floor(width / 160))
  for (const [line, text] of options.lines.entries()) {
    const top = scale * (3 + line * (glyphHeight + 3))
    drawText(text, (column, row) => {
      for (let dy = 0; dy < scale; dy++) {
        for (let dx = 0; dx < scale; dx++) {
          paint((3 + column) * scale + dx + 1, top + row * scale + dy + 1, [10, 10, 10])
          paint((3 + column) * scale + dx, top + row * scale + dy, [250, 250, 240])
        }
      }
    })
  }
  return { width, height, data }
}
