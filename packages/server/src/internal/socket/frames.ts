/** Longest header of an unmasked frame, in bytes. */
const maxHeaderBytes = 10

const headerLength = (length: number): number => (length < 126 ? 2 : length < 65_536 ? 4 : maxHeaderBytes)

const writeHeader = (buffer: Buffer, offset: number, length: number): void => {
  buffer[offset] = 0x81
  if (length < 126) buffer[offset + 1] = length
  else if (length < 65_536) {
    buffer[offset + 1] = 126
    buffer.writeUInt16BE(length, offset + 2)
  } else {
    buffer[offset + 1] = 127
    buffer.writeBigUInt64BE(BigInt(length), offset + 2)
  }
}

/**
 * Encodes texts as consecutive websocket text frames (RFC 6455, 5.2) in one buffer. Server frames are unmasked,
 * and these are uncompressed, so the same bytes fit every peer.
 */
export const textFrames = (texts: ReadonlyArray<string>): Buffer => {
  const lengths = texts.map((text) => Buffer.byteLength(text))
  const size = lengths.reduce((sum, length) => sum + headerLength(length) + length, 0)
  const buffer = Buffer.allocUnsafe(size)
  let offset = 0
  for (const [index, text] of texts.entries()) {
    const length = lengths[index] ?? 0
    writeHeader(buffer, offset, length)
    offset += headerLength(length)
    buffer.write(text, offset)
    offset += length
  }
  return buffer
}
