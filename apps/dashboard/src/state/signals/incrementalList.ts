import { createEffect, createMemo, createSignal, onCleanup, type Accessor } from "solid-js"

/**
 * Returns the first `batchSize` items at once and adds as many per timer tick, so that hundreds of cameras render without
 * blocking the page.
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
