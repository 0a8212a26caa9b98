/** Longest head of a frame without a mask. */
const longestHead = 10

const headOf = (length: number): number => (length < 126 ? 2 : length < 65_536 ? 4 : longestHead)

const writeHead = (buffer: Buffer, at: number, length: number): void => {
  buffer[at] = 0x81
  if (length < 126) buffer[at + 1] = length
  else if (length < 65_536) {
    buffer[at + 1] = 126
    buffer.writeUInt16BE(length, at + 2)
  } else {
    buffer[at + 1] = 127
    buffer.writeBigUInt64BE(BigInt(length), at + 2)
  }
}

/**
 * Websocket text frames (RFC 6455, 5.2) one after the other in one buffer. A server's frames carry no mask and ours
 * no compression, so the same bytes are right for every peer.
 */
export const textFrames = (texts: ReadonlyArray<string>): Buffer => {
  const lengths = texts.map((text) => Buffer.byteLength(text))
  const size = lengths.reduce((sum, length) => sum + headOf(length) + length, 0)
  const buffer = Buffer.allocUnsafe(size)
  let at = 0
  for (const [index, text] of texts.entries()) {
    const length = lengths[index] ?? 0
    writeHead(buffer, at, length)
    at += headOf(length)
    buffer.write(text, at)
    at += length
  }
  return buffer
}
