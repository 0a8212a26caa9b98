/** Open connections in total and by client address. */
export class ConnectionCounts {
  readonly #byAddress = new Map<string, number>()
  total = 0

  of(address: string): number {
    return this.#byAddress.get(address) ?? 0
  }

  add(address: string): void {
    this.total += 1
    this.#byAddress.set(address, this.of(address) + 1)
  }

  remove(address: string): void {
    this.total -= 1
    const remaining = this.of(address) - 1
    if (remaining > 0) this.#byAddress.set(address, remaining)
    else this.#byAddress.delete(address)
  }
}
