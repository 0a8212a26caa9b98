import { type Cells, type Picture, resize } from "./Picture.ts"

const cube = (value: number): number => Math.round((value / 255) * 5)

const colour = (layer: 38 | 48, picture: Picture, at: number, depth: "256" | "truecolor"): string => {
  const red = picture.data[at] ?? 0
  const green = picture.data[at + 1] ?? 0
  const blue = picture.data[at + 2] ?? 0
  return depth === "truecolor"
    ? `\u001B[${layer};2;${red};${green};${blue}m`
    : `\u001B[${layer};5;${16 + 36 * cube(red) + 6 * cube(green) + cube(blue)}m`
}

/** Two pixels to a cell: an upper half-block in the colour of the one above, on that of the one below. */
export const drawBlocks = (
  picture: Picture,
  cells: Cells,
  depth: "256" | "truecolor",
): ReadonlyArray<string> => {
  const small = resize(picture, cells.columns, cells.rows * 2)
  return Array.from({ length: cells.rows }, (_, row) => {
    let line = ""
    let before = ""
    for (let column = 0; column < cells.columns; column++) {
      const above = colour(38, small, (row * 2 * cells.columns + column) * 4, depth)
      const below = colour(48, small, ((row * 2 + 1) * cells.columns + column) * 4, depth)
      const style = above + below
      line += (style === before ? "" : style) + "▀"
      before = style
    }
    return `${line}\u001B[0m`
  })
}
