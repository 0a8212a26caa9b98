import { type CellSize, type Bitmap, resize } from "./Bitmap.ts"

const cubeLevel = (value: number): number => Math.round((value / 255) * 5)

const colour = (layer: 38 | 48, bitmap: Bitmap, at: number, depth: "256" | "truecolor"): string => {
  const red = bitmap.data[at] ?? 0
  const green = bitmap.data[at + 1] ?? 0
  const blue = bitmap.data[at + 2] ?? 0
  return depth === "truecolor"
    ? `\u001B[${layer};2;${red};${green};${blue}m`
    : `\u001B[${layer};5;${16 + 36 * cubeLevel(red) + 6 * cubeLevel(green) + cubeLevel(blue)}m`
}

/** Draws two pixels per cell: `▀` in the colour of the upper pixel on the colour of the lower one. */
export const drawBlocks = (
  bitmap: Bitmap,
  cells: CellSize,
  depth: "256" | "truecolor",
): ReadonlyArray<string> => {
  const resized = resize(bitmap, cells.columns, cells.rows * 2)
  return Array.from({ length: cells.rows }, (_, row) => {
    let line = ""
    let previousStyle = ""
    for (let column = 0; column < cells.columns; column++) {
      const above = colour(38, resized, (row * 2 * cells.columns + column) * 4, depth)
      const below = colour(48, resized, ((row * 2 + 1) * cells.columns + column) * 4, depth)
      const style = above + below
      line += (style === previousStyle ? "" : style) + "▀"
      previousStyle = style
    }
    return `${line}\u001B[0m`
  })
}
