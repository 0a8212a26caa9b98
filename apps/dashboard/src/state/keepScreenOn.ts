/** Holds a screen wake lock while the page is visible, if the browser supports it. Returns the function that releases it. */
export const keepScreenOn = (): (() => void) => {
  let lock: WakeLockSentinel | undefined
  const requestLock = () => {
    if (document.hidden || !("wakeLock" in navigator)) return
    navigator.wakeLock.request("screen").then(
      (acquired) => {
        lock = acquired
      },
      // Rejected, for example at low battery: the screen may turn off, the page still works.
      () => undefined,
    )
  }
  requestLock()
  // The browser releases the lock whenever the page is hidden.
  document.addEventListener("visibilitychange", requestLock)
  return () => {
    document.removeEventListener("visibilitychange", requestLock)
    void lock?.release()
  }
}
