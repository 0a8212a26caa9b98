import type { ColourDepth } from "../terminal/colourDepth.ts"
import { drawBlocks } from "./halfBlocks.ts"
import { clearKitty, drawIterm, drawKitty, drawSixel } from "./graphics.ts"
import { type CellSize, type Bitmap, fitCells, resize } from "./Bitmap.ts"
import type { PictureProtocol } from "./pictureProtocol.ts"

/** A picture to draw: as lines of text, or as an escape sequence with pixels that cover `cells`. */
export interface DrawnPicture {
  readonly cells: CellSize
  readonly lines: ReadonlyArray<string>
  /** Escape sequence to write with the cursor at the upper left corner; empty when `lines` are the picture. */
  readonly pixels: string
  /** Escape sequence that removes the pixels; written at the same corner. */
  readonly clear: string
}

const blankLines = ({ columns, rows }: CellSize): ReadonlyArray<string> =>
  Array.from({ length: rows }, () => " ".repeat(columns))

/** Erases the cells and the pixels over them, from the upper left corner, row by row. */
const eraseCells = ({ columns, rows }: CellSize): string =>
  Array.from({ length: rows }, () => `\u001B[${columns}X`).join("\u001B[B")

/** Assumed size of a cell; more pixels per cell are not visible. */
const kittyCellPixels = { width: 10, height: 20 }

/** Draws the picture as large as `available` allows. `bitmap` holds the decoded pixels of `jpeg`. */
export const drawPicture = (
  protocol: Exclude<PictureProtocol, "none">,
  depth: ColourDepth,
  jpeg: Uint8Array,
  bitmap: Bitmap,
  available: CellSize,
): DrawnPicture => {
  const cells = fitCells(bitmap, available)
  if (protocol === "blocks")
    return {
      cells,
      lines: drawBlocks(bitmap, cells, depth === "truecolor" ? "truecolor" : "256"),
      pixels: "",
      clear: "",
    }
  const lines = blankLines(cells)
  if (protocol === "iterm2") return { cells, lines, pixels: drawIterm(jpeg, cells), clear: eraseCells(cells) }
  if (protocol === "sixel")
    return { cells, lines, pixels: drawSixel(bitmap, cells), clear: eraseCells(cells) }
  const width = Math.min(bitmap.width, cells.columns * kittyCellPixels.width)
  const height = Math.min(bitmap.height, cells.rows * kittyCellPixels.height)
  return { cells, lines, pixels: drawKitty(resize(bitmap, width, height), cells), clear: clearKitty }
}
