/** Settings of `Windows`. Times are milliseconds. */
export interface WindowOptions<A> {
  /** Values with the same key share a window. */
  readonly keyOf: (value: A) => string
  /** A window ends this long after its first value, or after its latest one. */
  readonly length: number
  readonly after: "first" | "latest"
}

/** Values in windows of time: every window collects the values of one key until it ends. */
export class Windows<A> {
  readonly #options: WindowOptions<A>
  readonly #open = new Map<string, { readonly values: Array<A>; endsAt: number }>()

  constructor(options: WindowOptions<A>) {
    this.#options = options
  }

  add(value: A, now: number): void {
    const { keyOf, length, after } = this.#options
    const key = keyOf(value)
    const window = this.#open.get(key)
    if (window === undefined) this.#open.set(key, { values: [value], endsAt: now + length })
    else {
      window.values.push(value)
      if (after === "latest") window.endsAt = now + length
    }
  }

  /** Time at which the next window ends; `null` when none is open. */
  get nextEnd(): number | null {
    const ends = [...this.#open.values()].map(({ endsAt }) => endsAt)
    return ends.length === 0 ? null : Math.min(...ends)
  }

  /** Removes and returns the windows that have ended by `now`, the earliest first. */
  takeEnded(now: number): ReadonlyArray<ReadonlyArray<A>> {
    const ended = [...this.#open].filter(([, { endsAt }]) => endsAt <= now)
    for (const [key] of ended) this.#open.delete(key)
    return ended.toSorted(([, a], [, b]) => a.endsAt - b.endsAt).map(([, { values }]) => values)
  }
}
