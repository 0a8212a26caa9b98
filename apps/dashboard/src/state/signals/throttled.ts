import { createEffect, createSignal, on, onCleanup, type Accessor } from "solid-js"

/** Follows `source` at most once per `everyMs`, for views that are expensive to render. */
export const throttled = <A>(source: Accessor<A>, everyMs: number): Accessor<A> => {
  const [value, setValue] = createSignal(source(), { equals: false })
  let timer: ReturnType<typeof setTimeout> | undefined
  let nextUpdateAt = 0
  const update = () => {
    timer = undefined
    nextUpdateAt = Date.now() + everyMs
    setValue(() => source())
  }
  createEffect(
    on(
      source,
      () => {
        timer ??= setTimeout(update, nextUpdateAt - Date.now())
      },
      { defer: true },
    ),
  )
  onCleanup(() => clearTimeout(timer))
  return value
}
