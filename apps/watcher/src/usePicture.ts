import { useEffect, useState } from "react"
import type { ColourDepth } from "./colourDepth.ts"
import { drawBlocks } from "./pictures/blocks.ts"
import { decodeJpeg, maxPictureBytes } from "./pictures/decodeJpeg.ts"
import { clearKitty, drawIterm, drawKitty, drawSixel } from "./pictures/graphics.ts"
import { type Cells, type Picture, fitCells, resize } from "./pictures/Picture.ts"
import type { PictureProtocol } from "./pictures/pictureProtocol.ts"

/** Reads a picture by the address that the state has for it. */
export type FetchPicture = (url: string, signal: AbortSignal) => Promise<Uint8Array>

/** A picture ready to draw: as lines of text, or as pixels to be written over `cells`. */
export interface DrawnPicture {
  readonly cells: Cells
  readonly lines: ReadonlyArray<string>
  /** Written with the cursor at the upper left corner; empty when the lines are the picture. */
  readonly pixels: string
  /** Takes the pixels away again. */
  readonly clear: string
}

const blank = ({ columns, rows }: Cells): ReadonlyArray<string> =>
  Array.from({ length: rows }, () => " ".repeat(columns))

/** More pixels than this a cell does not show. */
const kittyCell = { width: 10, height: 20 }

const draw = (
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
  if (protocol === "iterm2") return { cells, lines, pixels: drawIterm(jpeg, cells), clear: "" }
  if (protocol === "sixel") return { cells, lines, pixels: drawSixel(picture, cells), clear: "" }
  const width = Math.min(picture.width, cells.columns * kittyCell.width)
  const height = Math.min(picture.height, cells.rows * kittyCell.height)
  return { cells, lines, pixels: drawKitty(resize(picture, width, height), cells), clear: clearKitty }
}

interface Options {
  /** `null`: nothing to show. */
  readonly url: string | null
  readonly room: Cells
  readonly protocol: PictureProtocol
  readonly depth: ColourDepth
  readonly fetchPicture: FetchPicture
}

/** The picture at `url`, fetched and decoded beside the drawing; `null` until it is there or when it can't be had. */
export const usePicture = ({ url, room, protocol, depth, fetchPicture }: Options): DrawnPicture | null => {
  const [loaded, setLoaded] = useState<{
    readonly url: string
    readonly jpeg: Uint8Array
    readonly picture: Picture
  }>()
  const [drawn, setDrawn] = useState<DrawnPicture | null>(null)
  const visible = protocol !== "none" && room.columns >= 12 && room.rows >= 4
  // A signed address changes with its signature while the picture stays the same.
  const place = url?.split("?")[0] ?? null

  useEffect(() => {
    if (url === null || !visible) return undefined
    const controller = new AbortController()
    void (async () => {
      const jpeg = await fetchPicture(url, controller.signal)
      if (jpeg.length > maxPictureBytes) return
      const picture = await decodeJpeg(jpeg, controller.signal)
      if (!controller.signal.aborted) setLoaded({ url: place ?? url, jpeg, picture })
    })().catch(() => {
      // Without a picture the facts are shown alone; the age of the picture stands there in any case.
      if (!controller.signal.aborted) setLoaded(undefined)
    })
    return () => controller.abort()
    // `url` is left out on purpose: only another picture is fetched, not the same one under a new signature.
  }, [place, visible, fetchPicture])

  useEffect(() => {
    setDrawn(
      loaded !== undefined && loaded.url === place && visible
        ? draw(protocol, depth, loaded.jpeg, loaded.picture, room)
        : null,
    )
  }, [loaded, place, visible, protocol, depth, room.columns, room.rows])

  return drawn
}
