import { createEffect, createMemo, createSignal, onCleanup, type Accessor } from "solid-js"

/**
 * The first items of a list at once, the rest a few per turn: a home with hundreds of cameras is drawn without
 * the page standing still, and what is on the screen comes first.
 */
export const incrementalList = <A>(
  list: Accessor<ReadonlyArray<A>>,
  batchSize: number,
): Accessor<ReadonlyArray<A>> => {
  const [count, setCount] = createSignal(batchSize)
  const length = createMemo(() => list().length)
  createEffect(() => {
    if (count() >= length()) return
    const timer = setTimeout(() => setCount(count() + batchSize))
    onCleanup(() => clearTimeout(timer))
  })
  return () => (count() >= length() ? list() : list().slice(0, count()))
}
