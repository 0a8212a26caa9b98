/** Keeps the screen on while the page is visible, where the browser can. Returns what ends it. */
export const keepScreenOn = (): (() => void) => {
  let lock: WakeLockSentinel | undefined
  const requestLock = () => {
    if (document.hidden || !("wakeLock" in navigator)) return
    navigator.wakeLock.request("screen").then(
      (acquired) => {
        lock = acquired
      },
      // Refused, for example at low battery: the screen may sleep, the page still works.
      () => undefined,
    )
  }
  requestLock()
  // The browser drops the lock whenever the page is hidden.
  document.addEventListener("visibilitychange", requestLock)
  return () => {
    document.removeEventListener("visibilitychange", requestLock)
    void lock?.release()
  }
}
