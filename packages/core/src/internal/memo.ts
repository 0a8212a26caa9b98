/** Keeps the last result of a pure function while it is asked for the same again. */
export const lastResult = <Args extends ReadonlyArray<unknown>, A>(compute: (...args: Args) => A) => {
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
 * Keeps what the newest texts were read as, so that an unchanged answer costs a comparison instead of a parse,
 * and is the very same object.
 */
export const makeReadings = (capacity: number) => {
  const kept = new Map<string, { readonly text: string; readonly value: unknown }>()
  return {
    find: (key: string, text: string): { readonly value: unknown } | null => {
      const entry = kept.get(key)
      return entry?.text === text ? entry : null
    },
    /** What was kept last, whatever its text. */
    latest: (key: string): { readonly text: string; readonly value: unknown } | null => kept.get(key) ?? null,
    keep: (key: string, text: string, value: unknown): void => {
      kept.delete(key)
      kept.set(key, { text, value })
      if (kept.size > capacity) kept.delete(kept.keys().next().value!)
    },
  }
}
