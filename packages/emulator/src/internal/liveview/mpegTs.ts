/** MPEG transport stream (ISO/IEC 13818-1) with one H.264 stream. */

const packetSize = 188
const patPid = 0
const pmtPid = 0x1000
const videoPid = 0x100
const clockRate = 90_000

const crc32 = (bytes: Uint8Array): number => {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte << 24
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1
  }
  return crc >>> 0
}

const section = (tableId: number, body: ReadonlyArray<number>): Buffer => {
  const length = body.length + 5 + 4
  const head = Buffer.from([tableId, 0xb0 | (length >> 8), length & 0xff, 0, 1, 0xc1, 0, 0, ...body])
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(head))
  return Buffer.concat([Buffer.of(0), head, check])
}

const programAssociationTable = section(0x00, [0, 1, 0xe0 | (pmtPid >> 8), pmtPid & 0xff])
const programMapTable = section(0x02, [
  0xe0 | (videoPid >> 8),
  videoPid & 0xff,
  0xf0,
  0,
  0x1b, // H.264
  0xe0 | (videoPid >> 8),
  videoPid & 0xff,
  0xf0,
  0,
])

const encodeTimestamp = (ticks: number): Buffer =>
  Buffer.from([
    0x21 | (Math.floor(ticks / 2 ** 30) << 1),
    Math.floor(ticks / 2 ** 22) & 0xff,
    1 | ((Math.floor(ticks / 2 ** 15) & 0x7f) << 1),
    Math.floor(ticks / 2 ** 7) & 0xff,
    1 | ((ticks & 0x7f) << 1),
  ])

const clockReference = (ticks: number): Buffer =>
  Buffer.from([
    Math.floor(ticks / 2 ** 25) & 0xff,
    Math.floor(ticks / 2 ** 17) & 0xff,
    Math.floor(ticks / 2 ** 9) & 0xff,
    Math.floor(ticks / 2) & 0xff,
    ((ticks & 1) << 7) | 0x7e,
    0,
  ])

const startCode = Buffer.from([0, 0, 0, 1])
const delimiter = Buffer.from([0, 0, 0, 1, 9, 0xf0])

/** Packetizes frames. It keeps the continuity counters, so each client needs its own instance. */
export class TransportStream {
  readonly #counters = new Map<number, number>()

  #packet(pid: number, first: boolean, payload: Uint8Array, clock: Buffer | null): Buffer {
    const count = this.#counters.get(pid) ?? 0
    this.#counters.set(pid, (count + 1) % 16)
    const fields = clock === null ? Buffer.alloc(0) : Buffer.concat([Buffer.of(first ? 0x50 : 0x10), clock])
    const room = packetSize - 4 - (fields.length > 0 ? fields.length + 1 : 0)
    const stuffing = Math.max(0, room - payload.length)
    const adapted = fields.length > 0 || stuffing > 0
    const adaptation = !adapted
      ? Buffer.alloc(0)
      : fields.length > 0
        ? Buffer.concat([Buffer.of(fields.length + stuffing), fields, Buffer.alloc(stuffing, 0xff)])
        : stuffing === 1
          ? Buffer.of(0)
          : Buffer.concat([Buffer.of(stuffing - 1, 0), Buffer.alloc(stuffing - 2, 0xff)])
    const head = Buffer.of(0x47, (first ? 0x40 : 0) | (pid >> 8), pid & 0xff, (adapted ? 0x30 : 0x10) | count)
    return Buffer.concat([head, adaptation, payload.subarray(0, room)])
  }

  #table(pid: number, table: Buffer): Buffer {
    return this.#packet(
      pid,
      true,
      Buffer.concat([table, Buffer.alloc(packetSize - 4 - table.length, 0xff)]),
      null,
    )
  }

  /** Packets of one frame with a presentation time of `ms` after the start. */
  frame(units: ReadonlyArray<Uint8Array>, ms: number): Buffer {
    const ticks = clockRate + Math.floor((ms * clockRate) / 1000)
    const payload = Buffer.concat([
      Buffer.from([0, 0, 1, 0xe0, 0, 0, 0x80, 0x80, 5]),
      encodeTimestamp(ticks),
      delimiter,
      ...units.flatMap((unit) => [startCode, unit]),
    ])
    const packets = [this.#table(patPid, programAssociationTable), this.#table(pmtPid, programMapTable)]
    const firstRoom = packetSize - 4 - 8
    packets.push(this.#packet(videoPid, true, payload.subarray(0, firstRoom), clockReference(ticks)))
    for (let from = firstRoom; from < payload.length; from += packetSize - 4) {
      packets.push(this.#packet(videoPid, false, payload.subarray(from, from + packetSize - 4), null))
    }
    return Buffer.concat(packets)
  }
}
