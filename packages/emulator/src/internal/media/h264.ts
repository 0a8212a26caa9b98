import { BitWriter } from "./BitWriter.ts"
import type { RgbaImage } from "./drawScene.ts"

/**
 * Minimal H.264 encoder: changed macroblocks are sent as uncompressed samples (`I_PCM`), others are skipped. The output is
 * large, but every baseline decoder plays it, and equal pictures give equal bytes.
 */

const block = 16

/** YCbCr 4:2:0 planes of one picture in limited range. */
export interface Planes {
  readonly columns: number
  readonly rows: number
  readonly luma: Uint8Array
  readonly blue: Uint8Array
  readonly red: Uint8Array
}

/** Width and height must be multiples of 16. No sample is 0, so no start code occurs within a unit. */
export const toPlanes = ({ width, height, data }: RgbaImage): Planes => {
  const luma = new Uint8Array(width * height)
  const blue = new Uint8Array((width * height) / 4)
  const red = new Uint8Array((width * height) / 4)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4
      const r = data[at] ?? 0
      const g = data[at + 1] ?? 0
      const b = data[at + 2] ?? 0
      luma[y * width + x] = Math.round(16 + 0.257 * r + 0.504 * g + 0.098 * b)
      if (x % 2 === 0 && y % 2 === 0) {
        const half = ((y / 2) * width) / 2 + x / 2
        blue[half] = Math.round(128 - 0.148 * r - 0.291 * g + 0.439 * b)
        red[half] = Math.round(128 + 0.439 * r - 0.368 * g - 0.071 * b)
      }
    }
  }
  return { columns: width / block, rows: height / block, luma, blue, red }
}

const blockSamples = (
  plane: Uint8Array,
  stride: number,
  left: number,
  top: number,
  size: number,
): Uint8Array => {
  const samples = new Uint8Array(size * size)
  for (let row = 0; row < size; row++) {
    const from = (top + row) * stride + left
    samples.set(plane.subarray(from, from + size), row * size)
  }
  return samples
}

const sameBlock = (previous: Planes, planes: Planes, at: number): boolean => {
  const column = at % planes.columns
  const row = Math.floor(at / planes.columns)
  const stride = planes.columns * block
  return (
    sameBlockSamples(previous.luma, planes.luma, stride, column * block, row * block, block) &&
    sameBlockSamples(
      previous.blue,
      planes.blue,
      stride / 2,
      (column * block) / 2,
      (row * block) / 2,
      block / 2,
    ) &&
    sameBlockSamples(previous.red, planes.red, stride / 2, (column * block) / 2, (row * block) / 2, block / 2)
  )
}

const sameBlockSamples = (
  one: Uint8Array,
  other: Uint8Array,
  stride: number,
  left: number,
  top: number,
  size: number,
): boolean => {
  for (let row = top; row < top + size; row++) {
    const from = row * stride + left
    for (let at = from; at < from + size; at++) if (one[at] !== other[at]) return false
  }
  return true
}

const macroblockSamples = ({ columns, luma, blue, red }: Planes, at: number): Uint8Array => {
  const column = at % columns
  const row = Math.floor(at / columns)
  const stride = columns * block
  return Buffer.concat([
    blockSamples(luma, stride, column * block, row * block, block),
    blockSamples(blue, stride / 2, (column * block) / 2, (row * block) / 2, block / 2),
    blockSamples(red, stride / 2, (column * block) / 2, (row * block) / 2, block / 2),
  ])
}

const nalUnit = (head: number, bits: BitWriter): Uint8Array =>
  Buffer.concat([Uint8Array.of(head), bits.finish()])

/** Sequence parameter set: baseline profile, level 3, one reference picture, output order equals decoding order. */
export const sequenceParameters = ({ columns, rows }: Planes): Uint8Array =>
  nalUnit(
    0x67,
    new BitWriter()
      .u(8, 66)
      .u(8, 0xc0)
      .u(8, 30)
      .ue(0)
      .ue(0) // frame numbers have four bits
      .ue(2) // output order equals decoding order
      .ue(1)
      .u(1, 0)
      .ue(columns - 1)
      .ue(rows - 1)
      .u(1, 1)
      .u(1, 1)
      .u(1, 0)
      .u(1, 0),
  )

export const pictureParameters: Uint8Array = nalUnit(
  0x68,
  new BitWriter()
    .ue(0)
    .ue(0)
    .u(1, 0)
    .u(1, 0)
    .ue(0)
    .ue(0)
    .ue(0)
    .u(1, 0)
    .u(2, 0)
    .ue(0)
    .ue(0)
    .ue(0)
    .u(1, 1)
    .u(1, 0)
    .u(1, 0),
)

const noDeblocking = 1
const iPcm = 25
const iPcmInPSlice = 5 + iPcm

/** Encodes an IDR picture. */
export const encodeKeyFrame = (planes: Planes, idrId: number): Uint8Array => {
  const bits = new BitWriter().ue(0).ue(7).ue(0).u(4, 0).ue(idrId).u(1, 0).u(1, 0).ue(0).ue(noDeblocking)
  for (let at = 0; at < planes.columns * planes.rows; at++) {
    bits.ue(iPcm).align().raw(macroblockSamples(planes, at))
  }
  return nalUnit(0x65, bits)
}

/** Encodes the macroblocks that differ from the previous picture. `index` counts from the key frame. */
export const encodeDeltaFrame = (previous: Planes, planes: Planes, index: number): Uint8Array => {
  const bits = new BitWriter()
    .ue(0)
    .ue(5)
    .ue(0)
    .u(4, index % 16)
    .u(1, 0)
    .u(1, 0)
    .u(1, 0)
    .ue(0)
    .ue(noDeblocking)
  let skipped = 0
  for (let at = 0; at < planes.columns * planes.rows; at++) {
    if (sameBlock(previous, planes, at)) {
      skipped += 1
      continue
    }
    bits.ue(skipped).ue(iPcmInPSlice).align().raw(macroblockSamples(planes, at))
    skipped = 0
  }
  if (skipped > 0) bits.ue(skipped)
  return nalUnit(0x41, bits)
}
