const windowMs = 60_000
const maxAddresses = 10_000

/** Failed authentications by client address, each within a minute of the first. Times are in milliseconds. */
export class FailedAuths {
  readonly #byAddress = new Map<string, { count: number; readonly since: number }>()

  add(address: string, now: number): void {
    const entry = this.#byAddress.get(address)
    if (entry !== undefined && now - entry.since < windowMs) {
      entry.count += 1
      return
    }
    // Bounded. A dropped entry only resets the failure count of an address.
    if (this.#byAddress.size >= maxAddresses) this.#byAddress.clear()
    this.#byAddress.set(address, { count: 1, since: now })
  }

  countOf(address: string, now: number): number {
    const entry = this.#byAddress.get(address)
    if (entry === undefined) return 0
    if (now - entry.since < windowMs) return entry.count
    this.#byAddress.delete(address)
    return 0
  }
}
