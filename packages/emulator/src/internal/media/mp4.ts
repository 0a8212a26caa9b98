import { type TestVideo, testVideoSize } from "./testVideo.ts"

/** ISO base media file (ISO/IEC 14496-12) with `moov` before `mdat`, so that players start before the end of the download. */

const timescale = 1000

const u16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}

const u32 = (...values: ReadonlyArray<number>): Buffer => {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, index * 4)
  return bytes
}

const box = (type: string, ...parts: ReadonlyArray<Uint8Array>): Buffer => {
  const body = Buffer.concat(parts)
  return Buffer.concat([u32(body.length + 8), Buffer.from(type, "latin1"), body])
}

const matrix = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
const zeros = (count: number): Buffer => Buffer.alloc(count)
const { width, height } = testVideoSize

const prefixed = (unit: Uint8Array): Buffer => Buffer.concat([u32(unit.length), unit])

const sampleEntry = ([sequence, picture]: TestVideo["parameters"]): Buffer =>
  box(
    "avc1",
    zeros(6),
    u16(1),
    zeros(16),
    u16(width),
    u16(height),
    u32(0x480000, 0x480000, 0),
    u16(1),
    zeros(32),
    u16(24),
    u16(0xffff),
    box(
      "avcC",
      Uint8Array.of(1, 66, 0xc0, 30, 0xff, 0xe1),
      u16(sequence.length),
      sequence,
      Uint8Array.of(1),
      u16(picture.length),
      picture,
    ),
  )

const moovBox = (video: TestVideo, sizes: ReadonlyArray<number>, firstSample: number): Buffer => {
  const duration = video.frames.length * timescale
  const table = box(
    "stbl",
    box("stsd", u32(0, 1), sampleEntry(video.parameters)),
    box("stts", u32(0, 1, sizes.length, timescale)),
    box("stss", u32(0, 1, 1)),
    box("stsc", u32(0, 1, 1, sizes.length, 1)),
    box("stsz", u32(0, 0, sizes.length, ...sizes)),
    box("stco", u32(0, 1, firstSample)),
  )
  const media = box(
    "mdia",
    box("mdhd", u32(0, 0, 0, timescale, duration), u16(0x55c4), zeros(2)),
    box("hdlr", u32(0, 0), Buffer.from("vide", "latin1"), zeros(12), Buffer.from("camera\0", "latin1")),
    box(
      "minf",
      box("vmhd", u32(1), zeros(8)),
      box("dinf", box("dref", u32(0, 1), box("url ", u32(1)))),
      table,
    ),
  )
  const track = box(
    "trak",
    box("tkhd", u32(3, 0, 0, 1, 0, duration), zeros(16), matrix, u32(width << 16, height << 16)),
    media,
  )
  const head = box(
    "mvhd",
    u32(0, 0, 0, timescale, duration, 0x10000),
    u16(0x100),
    zeros(10),
    matrix,
    zeros(24),
    u32(2),
  )
  return box("moov", head, track)
}

const fileType = box("ftyp", Buffer.from("isom\0\0\u0002\0isomiso2avc1mp41", "latin1"))

/** Returns the video as a file of `size` bytes, padded with a `free` box. A longer video is not shortened. */
export const toMp4 = (video: TestVideo, size: number): Uint8Array => {
  const samples = video.frames.map(prefixed)
  const sizes = samples.map(({ length }) => length)
  const headLength = fileType.length + moovBox(video, sizes, 0).length + 8
  const file = Buffer.concat([fileType, moovBox(video, sizes, headLength), box("mdat", ...samples)])
  const padding = size - file.length
  return padding < 8 ? file : Buffer.concat([file, box("free", zeros(padding - 8))])
}
