import type { ColourDepth } from "../colourDepth.ts"
import { drawBlocks } from "./blocks.ts"
import { clearKitty, drawIterm, drawKitty, drawSixel } from "./graphics.ts"
import { type Cells, type Picture, fitCells, resize } from "./Picture.ts"
import type { PictureProtocol } from "./pictureProtocol.ts"

/** A picture ready to draw: as lines of text, or as pixels to be written over `cells`. */
export interface DrawnPicture {
  readonly cells: Cells
  readonly lines: ReadonlyArray<string>
  /** Written with the cursor at the upper left corner; empty when the lines are the picture. */
  readonly pixels: string
  /** Takes the pixels away again; written from the same corner. */
  readonly clear: string
}

const blank = ({ columns, rows }: Cells): ReadonlyArray<string> =>
  Array.from({ length: rows }, () => " ".repeat(columns))

/** Erases the cells, and with them what pixels lie there: from the upper left corner, row by row. */
const eraseCells = ({ columns, rows }: Cells): string =>
  Array.from({ length: rows }, () => `\u001B[${columns}X`).join("\u001B[B")

/** More pixels than this a cell does not show. */
const kittyCell = { width: 10, height: 20 }

/** Draws `picture` as large as `room` allows. */
export const drawPicture = (
  protocol: Exclude<PictureProtocol, "none">,
  depth: ColourDepth,
  jpeg: Uint8Array,
  picture: Picture,
  room: Cells,
): DrawnPicture => {
  const cells = fitCells(picture, room)
  if (protocol === "blocks")
    return {
      cells,
      lines: drawBlocks(picture, cells, depth === "truecolor" ? "truecolor" : "256"),
      pixels: "",
      clear: "",
    }
  const lines = blank(cells)
  if (protocol === "iterm2") return { cells, lines, pixels: drawIterm(jpeg, cells), clear: eraseCells(cells) }
  if (protocol === "sixel")
    return { cells, lines, pixels: drawSixel(picture, cells), clear: eraseCells(cells) }
  const width = Math.min(picture.width, cells.columns * kittyCell.width)
  const height = Math.min(picture.height, cells.rows * kittyCell.height)
  return { cells, lines, pixels: drawKitty(resize(picture, width, height), cells), clear: clearKitty }
}
