/** Memoizes the last call of a pure function. */
export const memoizeLast = <Args extends ReadonlyArray<unknown>, A>(compute: (...args: Args) => A) => {
  let last: { readonly args: Args; readonly value: A } | null = null
  return (...args: Args): A => {
    if (
      last === null ||
      last.args.length !== args.length ||
      args.some((arg, index) => arg !== last?.args[index])
    ) {
      last = { args, value: compute(...args) }
    }
    return last.value
  }
}

/**
 * Caches decoded responses by key. An unchanged response costs a string comparison instead of a parse and
 * returns the same object.
 */
export const makeResponseCache = (capacity: number) => {
  const entries = new Map<string, { readonly text: string; readonly value: unknown }>()
  return {
    get: (key: string, text: string): { readonly value: unknown } | null => {
      const entry = entries.get(key)
      return entry?.text === text ? entry : null
    },
    /** Most recent entry of `key`, whatever its text. */
    latest: (key: string): { readonly text: string; readonly value: unknown } | null =>
      entries.get(key) ?? null,
    set: (key: string, text: string, value: unknown): void => {
      entries.delete(key)
      entries.set(key, { text, value })
      if (entries.size > capacity) entries.delete(entries.keys().next().value!)
    },
  }
}
