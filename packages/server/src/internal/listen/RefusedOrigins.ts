/** Limits the memory and the log lines that other web pages can cause. */
const maxOrigins = 100

/** Origins that were refused, each of which is logged once. */
export class RefusedOrigins {
  readonly #origins = new Set<string>()

  /** Adds an origin. Returns false for one that was refused before, and for all after the first hundred. */
  isNew(origin: string): boolean {
    if (this.#origins.has(origin) || this.#origins.size >= maxOrigins) return false
    this.#origins.add(origin)
    return true
  }
}
