/** Writes bits, most significant first, with the codes of H.264 (ITU-T H.264, 9.1) under the names of the standard. */
export class BitWriter {
  readonly #pieces: Array<Uint8Array> = []
  #bytes: Array<number> = []
  #current = 0
  #used = 0

  u(width: number, value: number): this {
    for (let bit = width - 1; bit >= 0; bit--) {
      this.#current = (this.#current << 1) | ((value >>> bit) & 1)
      this.#used += 1
      if (this.#used === 8) {
        this.#bytes.push(this.#current)
        this.#current = 0
        this.#used = 0
      }
    }
    return this
  }

  /** Unsigned Exp-Golomb code. */
  ue(value: number): this {
    const width = 32 - Math.clz32(value + 1)
    return this.u(width - 1, 0).u(width, value + 1)
  }

  /** Zero bits up to the next byte boundary. */
  align(): this {
    return this.#used === 0 ? this : this.u(8 - this.#used, 0)
  }

  /** Whole bytes. The writer must be at a byte boundary. */
  raw(bytes: Uint8Array): this {
    this.#pieces.push(Uint8Array.from(this.#bytes), bytes)
    this.#bytes = []
    return this
  }

  /** Appends the stop bit and returns all bytes. */
  finish(): Uint8Array {
    this.u(1, 1).align()
    return Buffer.concat([...this.#pieces, Uint8Array.from(this.#bytes)])
  }
}
