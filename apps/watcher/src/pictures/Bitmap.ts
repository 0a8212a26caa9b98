/** Pixels as red, green, blue, alpha bytes, row by row. */
export interface Bitmap {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/** Size in character cells. */
export interface CellSize {
  readonly columns: number
  readonly rows: number
}

/** Largest size within `available` that keeps the aspect ratio. A cell is assumed to be twice as high as wide. */
export const fitCells = (
  bitmap: { readonly width: number; readonly height: number },
  available: CellSize,
): CellSize => {
  const scale = Math.min(available.columns / bitmap.width, (available.rows * 2) / bitmap.height)
  return {
    columns: Math.max(1, Math.min(available.columns, Math.round(bitmap.width * scale))),
    rows: Math.max(1, Math.min(available.rows, Math.round((bitmap.height * scale) / 2))),
  }
}

/** Scales down; each target pixel is the average of its source pixels. */
export const resize = (bitmap: Bitmap, width: number, height: number): Bitmap => {
  const data = new Uint8Array(width * height * 4)
  for (let y = 0; y < height; y++) {
    const top = Math.floor((y * bitmap.height) / height)
    const bottom = Math.max(top + 1, Math.floor(((y + 1) * bitmap.height) / height))
    for (let x = 0; x < width; x++) {
      const left = Math.floor((x * bitmap.width) / width)
      const right = Math.max(left + 1, Math.floor(((x + 1) * bitmap.width) / width))
      let red = 0
      let green = 0
      let blue = 0
      for (let sourceY = top; sourceY < bottom; sourceY++)
        for (let sourceX = left; sourceX < right; sourceX++) {
          const at = (sourceY * bitmap.width + sourceX) * 4
          red += bitmap.data[at] ?? 0
          green += bitmap.data[at + 1] ?? 0
          blue += bitmap.data[at + 2] ?? 0
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
