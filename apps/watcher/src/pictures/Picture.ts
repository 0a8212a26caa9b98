/** Pixels as red, green, blue, alpha bytes, row by row. */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/** Size in character cells. */
export interface Cells {
  readonly columns: number
  readonly rows: number
}

/** The largest cells within `room` that keep the proportions; a cell is taken as twice as high as wide. */
export const fitCells = (
  picture: { readonly width: number; readonly height: number },
  room: Cells,
): Cells => {
  const scale = Math.min(room.columns / picture.width, (room.rows * 2) / picture.height)
  return {
    columns: Math.max(1, Math.min(room.columns, Math.round(picture.width * scale))),
    rows: Math.max(1, Math.min(room.rows, Math.round((picture.height * scale) / 2))),
  }
}

/** Shrinks by averaging every source pixel that falls into a target pixel. */
export const resize = (picture: Picture, width: number, height: number): Picture => {
  const data = new Uint8Array(width * height * 4)
  for (let y = 0; y < height; y++) {
    const top = Math.floor((y * picture.height) / height)
    const bottom = Math.max(top + 1, Math.floor(((y + 1) * picture.height) / height))
    for (let x = 0; x < width; x++) {
      const left = Math.floor((x * picture.width) / width)
      const right = Math.max(left + 1, Math.floor(((x + 1) * picture.width) / width))
      let red = 0
      let green = 0
      let blue = 0
      for (let sourceY = top; sourceY < bottom; sourceY++)
        for (let sourceX = left; sourceX < right; sourceX++) {
          const at = (sourceY * picture.width + sourceX) * 4
          red += picture.data[at] ?? 0
          green += picture.data[at + 1] ?? 0
          blue += picture.data[at + 2] ?? 0
        }
      const count = (bottom - top) * (right - left)
      const at = (y * width + x) * 4
      data[at] = red / count
      data[at + 1] = green / count
      data[at + 2] = blue / count
      data[at + 3] = 255
    }
  }
  return { width, height, data }
}
