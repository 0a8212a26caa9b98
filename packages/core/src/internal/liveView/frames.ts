import { Redacted } from "effect"
import type { RelayAddress } from "./relayAddress.ts"

const ascii = new TextEncoder()

/** Writes a text field: its length, then the text padded with zeros. */
const writeField = (view: DataView, offset: number, length: number, text: string): void => {
  view.setUint32(offset, length)
  const bytes = ascii.encode(text).subarray(0, length)
  new Uint8Array(view.buffer).set(bytes, offset + 4)
}

/** First message of the client: 122 bytes with serial, token and connection. */
export const handshake = (relay: RelayAddress, token: Redacted.Redacted | null): Uint8Array => {
  const bytes = new Uint8Array(122)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, 0x28)
  writeField(view, 4, 16, relay.serial)
  view.setUint32(24, relay.clientId)
  view.setUint16(28, 0x0108)
  // Older relays accept zeros; newer ones require the token.
  writeField(view, 30, 64, token === null ? "" : Redacted.value(token))
  writeField(view, 98, 16, relay.connection)
  view.setUint32(118, 1)
  return bytes
}

export const frameTypes = { video: 0x00, keepAlive: 0x0a, latency: 0x12 } as const

const headerLength = 9

/** Encodes a frame: type, sequence, length, payload. */
export const encodeFrame = (type: number, sequence: number, payload: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(headerLength + payload.length)
  const view = new DataView(bytes.buffer)
  view.setUint8(0, type)
  view.setUint32(1, sequence)
  view.setUint32(5, payload.length)
  bytes.set(payload, headerLength)
  return bytes
}

/** Bytes. Larger than any frame seen; a larger length means that the stream is out of sync. */
const maxFrameLength = 4 * 2 ** 20

const concatBytes = (a: Uint8Array, b: Uint8Array): Uint8Array => {
  if (a.length === 0) return b
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}

/**
 * Reads frames from chunks of any size and returns the video payloads. Other frames are ignored. Returns
 * `null` when the data is invalid.
 */
export const makeFrameReader = () => {
  let buffered: Uint8Array = new Uint8Array(0)
  return (chunk: Uint8Array): ReadonlyArray<Uint8Array> | null => {
    buffered = concatBytes(buffered, chunk)
    const payloads: Array<Uint8Array> = []
    while (buffered.length >= headerLength) {
      const view = new DataView(buffered.buffer, buffered.byteOffset, buffered.byteLength)
      const length = view.getUint32(5)
      if (length > maxFrameLength) return null
      if (buffered.length < headerLength + length) break
      if (view.getUint8(0) === frameTypes.video && length > 0)
        payloads.push(buffered.slice(headerLength, headerLength + length))
      buffered = buffered.subarray(headerLength + length)
    }
    return payloads
  }
}
