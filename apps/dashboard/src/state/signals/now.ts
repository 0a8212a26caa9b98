import { createSignal, type Accessor } from "solid-js"

/** Ticks on the second, and at once when the page is looked at again; a hidden page does not tick. */
const createClock = (everyMs: number): Accessor<number> => {
  const [now, setNow] = createSignal(Date.now())
  const tick = () => {
    if (!document.hidden) setNow(Date.now())
  }
  setInterval(tick, everyMs)
  document.addEventListener("visibilitychange", tick)
  return now
}

/** For the few texts that count seconds. */
export const now = createClock(1_000)
/** For ages on cards, of which there may be hundreds. */
export const coarseNow = createClock(10_000)
