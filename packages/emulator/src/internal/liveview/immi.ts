/** IMMI, the protocol of the relay: a handshake from the client, then frames in both directions. */

export const handshakeLength = 122
const frameHead = 9

export interface Handshake {
  /** Empty when the client omits it. */
  readonly serial: string
  readonly clientId: number
  /** Empty when the client omits it, as many do. */
  readonly token: string
  readonly connectionId: string
}

const text = (bytes: Buffer): string => bytes.toString("latin1").replace(/\0+$/, "")

/** Fields have fixed offsets. An omitted field is all zeros, including its length. */
const isLength = (length: number, full: number): boolean => length === full || length === 0

/** Returns null when the bytes are no valid handshake. */
export const parseHandshake = (bytes: Buffer): Handshake | null => {
  const isValid =
    bytes.length >= handshakeLength &&
    bytes.readUInt32BE(0) === 0x28 &&
    isLength(bytes.readUInt32BE(4), 16) &&
    bytes.readUInt16BE(28) === 0x0108 &&
    isLength(bytes.readUInt32BE(30), 64) &&
    bytes.readUInt32BE(98) === 16 &&
    bytes.readUInt32BE(118) === 1
  return isValid
    ? {
        serial: text(bytes.subarray(8, 24)),
        clientId: bytes.readUInt32BE(24),
        token: text(bytes.subarray(34, 98)),
        connectionId: text(bytes.subarray(102, 118)),
      }
    : null
}

export const frameTypes = { video: 0x00, keepAlive: 0x0a, latency: 0x12, sessionMessage: 0x18 } as const

export const encodeFrame = (type: number, sequence: number, payload: Uint8Array): Buffer => {
  const head = Buffer.alloc(frameHead)
  head.writeUInt8(type, 0)
  head.writeUInt32BE(sequence, 1)
  head.writeUInt32BE(payload.length, 5)
  return Buffer.concat([head, payload])
}
