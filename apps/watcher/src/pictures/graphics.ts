import { type CellSize, type Bitmap, resize } from "./Bitmap.ts"

/** Escape sequences of terminals that draw pixels. Each draws at the cursor and does not change the text. */

const imageId = 7_117
const chunkLength = 4_096

/** kitty graphics protocol: raw pixels as base64 in chunks, scaled to `cells`, without replies (`q=2`). */
export const drawKitty = (bitmap: Bitmap, cells: CellSize): string => {
  const data = Buffer.from(bitmap.data).toString("base64")
  let out = ""
  for (let at = 0; at < data.length; at += chunkLength) {
    const more = at + chunkLength < data.length ? 1 : 0
    const head =
      at === 0
        ? `a=T,f=32,s=${bitmap.width},v=${bitmap.height},c=${cells.columns},r=${cells.rows},i=${imageId},C=1,q=2,m=${more}`
        : `m=${more},q=2`
    out += `\u001B_G${head};${data.slice(at, at + chunkLength)}\u001B\\`
  }
  return out
}

export const clearKitty = `\u001B_Ga=d,d=I,i=${imageId},q=2\u001B\\`

/** iTerm2 inline images protocol, which takes the JPEG file. */
export const drawIterm = (jpeg: Uint8Array, cells: CellSize): string =>
  `\u001B]1337;File=inline=1;size=${jpeg.length};width=${cells.columns};height=${cells.rows};preserveAspectRatio=0:${Buffer.from(jpeg).toString("base64")}\u0007`

const levels = 6
const levelOf = (value: number): number => Math.round((value / 255) * (levels - 1))

const percent = (value: number): number => Math.round((value * 100) / (levels - 1))

const runs = (row: ReadonlyArray<number>): string => {
  let out = ""
  for (let at = 0; at < row.length;) {
    let end = at + 1
    while (end < row.length && row[end] === row[at]) end++
    const sign = String.fromCharCode(63 + row[at]!)
    out += end - at > 3 ? `!${end - at}${sign}` : sign.repeat(end - at)
    at = end
  }
  return out
}

/** DEC sixel graphics with a 6×6×6 colour cube. `cell` is the size of a character in pixels. */
export const drawSixel = (
  bitmap: Bitmap,
  cells: CellSize,
  cell: { readonly width: number; readonly height: number } = { width: 8, height: 16 },
): string => {
  const { width, height, data } = resize(bitmap, cells.columns * cell.width, cells.rows * cell.height)
  const used = new Set<number>()
  const indexed = Array.from({ length: width * height }, (_, at) => {
    const index =
      levelOf(data[at * 4] ?? 0) * levels * levels +
      levelOf(data[at * 4 + 1] ?? 0) * levels +
      levelOf(data[at * 4 + 2] ?? 0)
    used.add(index)
    return index
  })
  const palette = [...used].map(
    (index) =>
      `#${index};2;${percent(Math.floor(index / levels / levels))};${percent(Math.floor(index / levels) % levels)};${percent(index % levels)}`,
  )
  const bands: Array<string> = []
  for (let top = 0; top < height; top += 6) {
    const colours = new Map<number, Array<number>>()
    for (let dy = 0; dy < 6 && top + dy < height; dy++)
      for (let x = 0; x < width; x++) {
        const index = indexed[(top + dy) * width + x]!
        let row = colours.get(index)
        if (!row) colours.set(index, (row = Array.from({ length: width }, () => 0)))
        row[x]! |= 1 << dy
      }
    bands.push([...colours].map(([index, row]) => `#${index}${runs(row)}`).join("$"))
  }
  return `\u001BP0;1q"1;1;${width};${height}${palette.join("")}${bands.join("-")}\u001B\\`
}
