/**
 * Preloaded into an example: a wait of 15 s or more, which is one of its poll intervals, takes a twentieth of the time,
 * and the clock then jumps to its end. The examples use the intervals of a real account, and a test need not wait for
 * them.
 */
const { setInterval, setTimeout } = globalThis
const { now } = Date
let aheadMs = 0

const setShortTimeout = (
  callback: (...args: ReadonlyArray<unknown>) => void,
  delay = 0,
  ...args: ReadonlyArray<unknown>
) => {
  if (delay < 15_000) return setTimeout(callback, delay, ...args)
  const end = Date.now() + delay
  return setTimeout(() => {
    aheadMs = Math.max(aheadMs, end - now())
    callback(...args)
  }, delay / 20)
}

Date.now = () => now() + aheadMs
globalThis.setTimeout = Object.assign(setShortTimeout, setTimeout)
// `timer` of RxJS is an interval that is cleared after its first call.
globalThis.setInterval = Object.assign(
  (callback: (...args: ReadonlyArray<unknown>) => void, delay = 0, ...args: ReadonlyArray<unknown>) =>
    delay < 15_000 ? setInterval(callback, delay, ...args) : setShortTimeout(callback, delay, ...args),
  setInterval,
)
