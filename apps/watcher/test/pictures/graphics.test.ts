import { describe, expect, it } from "vitest"
import { type Bitmap, fitCells, resize } from "../../src/pictures/Bitmap.ts"
import { drawPicture } from "../../src/pictures/drawPicture.ts"
import { drawIterm, drawKitty, drawSixel } from "../../src/pictures/graphics.ts"
import { drawBlocks } from "../../src/pictures/halfBlocks.ts"
import { columnsOf } from "../../src/format/fit.ts"

type Colour = readonly [red: number, green: number, blue: number]

/** A picture whose pixels are `colourAt(x, y)`. */
const bitmapOf = (width: number, height: number, colourAt: (x: number, y: number) => Colour): Bitmap => {
  const data = new Uint8Array(width * height * 4)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) data.set([...colourAt(x, y), 255], (y * width + x) * 4)
  return { width, height, data }
}
const pixelOf = ({ width, data }: Bitmap, x: number, y: number): ReadonlyArray<number> => [
  ...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4),
]
/** Colours that the 6×6×6 cube holds exactly, different in each pixel of a small picture. */
const cubeColour = (x: number, y: number): Colour => [(x % 6) * 51, (y % 6) * 51, ((x + y) % 6) * 51]

/** Reads the pixels of a sixel image back, as a terminal would draw them; `null` is a pixel that was not drawn. */
const readSixel = (text: string): ReadonlyArray<ReadonlyArray<Colour | null>> => {
  // oxlint-disable-next-line no-control-regex -- the escape sequences of terminals are what is tested
  const body = /^\u001BP0;1q"1;1;(\d+);(\d+)([^]*)\u001B\\$/.exec(text)!
  const [width, height] = [Number(body[1]), Number(body[2])]
  const rows = Array.from({ length: height }, (): Array<Colour | null> =>
    Array.from({ length: width }, () => null),
  )
  const palette = new Map<string, Colour>()
  let [x, top, colour] = [0, 0, ""]
  const token = /#(\d+)(?:;2;(\d+);(\d+);(\d+))?|!(\d+)([?-~])|([?-~])|([$-])/g
  for (const [, index, red, green, blue, count = "1", run, single, move] of body[3]!.matchAll(token)) {
    if (index !== undefined) {
      colour = index
      if (red !== undefined) palette.set(index, [Number(red), Number(green), Number(blue)])
    } else if (move !== undefined) {
      x = 0
      if (move === "-") top += 6
    } else {
      const bits = (run ?? single)!.charCodeAt(0) - 63
      for (let repeated = 0; repeated < Number(count); repeated++, x++)
        for (let dy = 0; dy < 6; dy++) if (bits & (1 << dy)) rows[top + dy]![x] = palette.get(colour)!
    }
  }
  return rows
}

describe("resize", () => {
  it("resize keeps every pixel at the same size", () => {
    const bitmap = bitmapOf(5, 4, cubeColour)
    expect(resize(bitmap, 5, 4)).toEqual(bitmap)
  })

  it("resize averages the pixels that become one", () => {
    const bitmap = bitmapOf(2, 2, (x, y) => [x * 100, y * 200, 40])
    expect(pixelOf(resize(bitmap, 1, 1), 0, 0)).toEqual([50, 100, 40, 255])
  })

  it("resize repeats pixels when it scales up", () => {
    const scaled = resize(bitmapOf(2, 1, cubeColour), 4, 2)
    for (const [x, from] of [0, 0, 1, 1].entries())
      for (const y of [0, 1]) expect(pixelOf(scaled, x, y)).toEqual([...cubeColour(from, 0), 255])
  })
})

describe("fitCells", () => {
  it("fitCells stays within the area and shows at least one cell, for every size", () => {
    for (const width of [1, 3, 640, 1_920])
      for (const height of [1, 2, 360, 4_000])
        for (const columns of [1, 12, 80])
          for (const rows of [1, 4, 24]) {
            const cells = fitCells({ width, height }, { columns, rows })
            expect(cells.columns).toBeGreaterThanOrEqual(1)
            expect(cells.columns).toBeLessThanOrEqual(columns)
            expect(cells.rows).toBeGreaterThanOrEqual(1)
            expect(cells.rows).toBeLessThanOrEqual(rows)
          }
  })

  it("fitCells fills the area in one direction", () => {
    expect(fitCells({ width: 16, height: 9 }, { columns: 32, rows: 24 }).columns).toBe(32)
    expect(fitCells({ width: 9, height: 16 }, { columns: 80, rows: 8 }).rows).toBe(8)
  })
})

describe("drawSixel", () => {
  it.each([
    [1, 1],
    [3, 2],
    [6, 1],
    [2, 4],
  ])("drawSixel draws every pixel in its colour at %i×%i cells", (columns, rows) => {
    const [width, height] = [columns * 3, rows * 5]
    const drawn = readSixel(
      drawSixel(bitmapOf(width, height, cubeColour), { columns, rows }, { width: 3, height: 5 }),
    )
    expect(drawn).toHaveLength(height)
    for (const [y, row] of drawn.entries())
      for (const [x, colour] of row.entries())
        expect(colour).toEqual(cubeColour(x, y).map((value) => Math.round((value / 255) * 100)))
  })

  it("drawSixel shortens runs of more than three equal columns", () => {
    const text = drawSixel(
      bitmapOf(9, 6, () => [0, 0, 0]),
      { columns: 1, rows: 1 },
      { width: 9, height: 6 },
    )
    expect(text).toContain("#0!9~")
  })
})

describe("drawKitty", () => {
  const chunksOf = (text: string) =>
    // oxlint-disable-next-line no-control-regex -- the escape sequences of terminals are what is tested
    Array.from(text.matchAll(/\u001B_G([^;]*);([^\u001B]*)\u001B\\/g), ([, head = "", data = ""]) => ({
      head,
      data,
    }))

  it.each([
    [4, 4],
    [32, 24],
    [80, 60],
  ])("drawKitty sends the pixels of %i×%i unchanged and marks the last chunk", (width, height) => {
    const bitmap = bitmapOf(width, height, cubeColour)
    const chunks = chunksOf(drawKitty(bitmap, { columns: 4, rows: 2 }))
    expect(Buffer.from(chunks.map(({ data }) => data).join(""), "base64")).toEqual(Buffer.from(bitmap.data))
    expect(chunks.map(({ head }) => /m=(\d)/.exec(head)?.[1])).toEqual([
      ...chunks.slice(1).map(() => "1"),
      "0",
    ])
    expect(chunks.every(({ data }) => data.length <= 4_096)).toBe(true)
  })

  it("drawKitty names size, cells and id in the first chunk only, and asks for no reply in any", () => {
    const chunks = chunksOf(drawKitty(bitmapOf(64, 64, cubeColour), { columns: 8, rows: 4 }))
    expect(chunks[0]?.head).toContain("s=64,v=64,c=8,r=4,i=7117,C=1")
    expect(chunks.slice(1).some(({ head }) => head.includes("s="))).toBe(false)
    expect(chunks.every(({ head }) => head.includes("q=2"))).toBe(true)
  })
})

describe("drawBlocks", () => {
  it("drawBlocks ends every line without a style and fills its width", () => {
    const bitmap = bitmapOf(12, 12, cubeColour)
    for (const depth of ["256", "truecolor"] as const)
      for (const line of drawBlocks(bitmap, { columns: 6, rows: 3 }, depth)) {
        expect(line.endsWith("\u001B[0m")).toBe(true)
        expect(columnsOf(line)).toBe(6)
      }
  })

  it("drawBlocks changes the style only where a colour changes", () => {
    const [line] = drawBlocks(
      bitmapOf(8, 2, (x) => (x < 4 ? [255, 0, 0] : [0, 0, 255])),
      { columns: 8, rows: 1 },
      "truecolor",
    )
    expect(line!.split("\u001B[38").length - 1).toBe(2)
  })
})

describe("drawPicture", () => {
  const bitmap = bitmapOf(320, 180, cubeColour)
  const jpeg = new Uint8Array([0xff, 0xd8, 1, 2, 3])
  const available = { columns: 40, rows: 10 }
  const cells = fitCells(bitmap, available)

  it("drawPicture draws blocks as text, without pixels to clear", () => {
    const drawn = drawPicture("blocks", "truecolor", jpeg, bitmap, available)
    expect(drawn).toMatchObject({ cells, pixels: "", clear: "" })
    expect(drawn.lines).toEqual(drawBlocks(bitmap, cells, "truecolor"))
  })

  it.each(["kitty", "iterm2", "sixel"] as const)(
    "drawPicture reserves blank cells for the pixels of %s",
    (protocol) => {
      const drawn = drawPicture(protocol, "truecolor", jpeg, bitmap, available)
      expect(drawn.lines).toEqual(Array.from({ length: cells.rows }, () => " ".repeat(cells.columns)))
      expect(drawn.pixels).not.toBe("")
    },
  )

  it.each(["iterm2", "sixel"] as const)(
    "drawPicture clears the pixels of %s by erasing exactly its cells",
    (protocol) => {
      const { clear } = drawPicture(protocol, "truecolor", jpeg, bitmap, available)
      expect(clear.split("\u001B[B")).toEqual(
        Array.from({ length: cells.rows }, () => `\u001B[${cells.columns}X`),
      )
    },
  )

  it("drawPicture deletes the image of kitty by its id", () => {
    expect(drawPicture("kitty", "truecolor", jpeg, bitmap, available).clear).toBe(
      "\u001B_Ga=d,d=I,i=7117,q=2\u001B\\",
    )
  })

  it("drawPicture sends the JPEG itself to iTerm2", () => {
    expect(drawPicture("iterm2", "truecolor", jpeg, bitmap, available).pixels).toBe(drawIterm(jpeg, cells))
  })

  it("drawPicture sends no more pixels to kitty than its cells can show", () => {
    const large = bitmapOf(1_000, 1_000, () => [1, 2, 3])
    const { pixels } = drawPicture("kitty", "truecolor", jpeg, large, { columns: 10, rows: 5 })
    expect(pixels).toContain("s=100,v=100,c=10,r=5")
  })
})
