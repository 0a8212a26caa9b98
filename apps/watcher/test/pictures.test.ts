import { encode } from "jpeg-js"
import { expect, it } from "vitest"
import { drawBlocks } from "../src/pictures/halfBlocks.ts"
import { decodeJpeg } from "../src/pictures/decodeJpeg.ts"
import { drawIterm, drawKitty, drawSixel } from "../src/pictures/graphics.ts"
import { type Bitmap, fitCells } from "../src/pictures/Bitmap.ts"
import { pictureProtocol } from "../src/pictures/pictureProtocol.ts"

/** Upper half red, lower half blue. */
const twoColourBitmap = (width: number, height: number): Bitmap => {
  const data = new Uint8Array(width * height * 4)
  for (let at = 0; at < width * height; at++)
    data.set(at < (width * height) / 2 ? [255, 0, 0, 255] : [0, 0, 255, 255], at * 4)
  return { width, height, data }
}

it("drawBlocks draws two pixels per cell, the upper as foreground and the lower as background", () => {
  expect(drawBlocks(twoColourBitmap(2, 2), { columns: 2, rows: 1 }, "truecolor")).toEqual([
    "\u001B[38;2;255;0;0m\u001B[48;2;0;0;255m▀▀\u001B[0m",
  ])
  expect(drawBlocks(twoColourBitmap(2, 2), { columns: 1, rows: 1 }, "256")).toEqual([
    "\u001B[38;5;196m\u001B[48;5;21m▀\u001B[0m",
  ])
})

it("fitCells keeps the aspect ratio for cells that are twice as high as wide", () => {
  expect(fitCells({ width: 640, height: 360 }, { columns: 40, rows: 40 })).toEqual({ columns: 40, rows: 11 })
  expect(fitCells({ width: 640, height: 360 }, { columns: 200, rows: 9 })).toEqual({ columns: 32, rows: 9 })
})

it("drawKitty sends all pixels in chunks of at most 4,096 characters", () => {
  const text = drawKitty(twoColourBitmap(64, 64), { columns: 8, rows: 4 })
  expect(text.startsWith("\u001B_Ga=T,f=32,s=64,v=64,c=8,r=4,")).toBe(true)
  expect(text.endsWith("\u001B\\")).toBe(true)
  const chunks = text.split("\u001B\\").map((chunk) => chunk.split(";").at(-1) ?? "")
  expect(Math.max(...chunks.map((chunk) => chunk.length))).toBeLessThanOrEqual(4_096)
  expect(Buffer.from(chunks.join(""), "base64")).toHaveLength(64 * 64 * 4)
})

it("drawIterm sends the JPEG file", () => {
  expect(drawIterm(new Uint8Array([1, 2, 3]), { columns: 8, rows: 4 })).toBe(
    "\u001B]1337;File=inline=1;size=3;width=8;height=4;preserveAspectRatio=0:AQID\u0007",
  )
})

it("drawSixel declares its colours and sends bands of six rows", () => {
  const text = drawSixel(twoColourBitmap(8, 12), { columns: 1, rows: 1 }, { width: 8, height: 12 })
  expect(text).toBe('\u001BP0;1q"1;1;8;12#180;2;100;0;0#5;2;0;0;100#180!8~-#5!8~\u001B\\')
})

it("decodeJpeg returns the pixels of a JPEG and rejects other data", async () => {
  const { data } = encode({ width: 16, height: 8, data: twoColourBitmap(16, 8).data }, 90)
  await expect(decodeJpeg(data)).resolves.toMatchObject({ width: 16, height: 8 })
  await expect(decodeJpeg(new Uint8Array([1, 2, 3]))).rejects.toThrow()
})

const noReply = async (): Promise<string> => ""

it.each([
  [
    "a flag",
    { flag: "sixel", environment: { TERM: "xterm-kitty" }, depth: "truecolor", query: noReply },
    "sixel",
  ],
  [
    "--no-images",
    { flag: false, environment: { TERM: "xterm-kitty" }, depth: "truecolor", query: noReply },
    "none",
  ],
  [
    "kitty",
    { flag: undefined, environment: { TERM: "xterm-kitty" }, depth: "truecolor", query: noReply },
    "kitty",
  ],
  [
    "iTerm2",
    { flag: undefined, environment: { TERM_PROGRAM: "iTerm.app" }, depth: "truecolor", query: noReply },
    "iterm2",
  ],
  [
    "a reply with attribute 4",
    {
      flag: undefined,
      environment: {},
      depth: "256",
      query: async (): Promise<string> => "\u001B[?62;4;22c",
    },
    "sixel",
  ],
  [
    "a reply without attribute 4",
    { flag: undefined, environment: {}, depth: "256", query: async (): Promise<string> => "\u001B[?62;22c" },
    "blocks",
  ],
  [
    "tmux inside kitty",
    {
      flag: undefined,
      environment: { TMUX: "/tmp/x", KITTY_WINDOW_ID: "1" },
      depth: "truecolor",
      query: noReply,
    },
    "blocks",
  ],
  ["sixteen colours", { flag: undefined, environment: {}, depth: "16", query: noReply }, "none"],
] as const)("pictureProtocol decides by %s", async (_, circumstances, protocol) => {
  await expect(pictureProtocol(circumstances)).resolves.toBe(protocol)
})
