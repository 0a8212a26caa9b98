/** Keeps the screen on while the page is visible, where the browser can. Returns what ends it. */
export const keepAwake = (): (() => void) => {
  let lock: WakeLockSentinel | undefined
  const ask = () => {
    if (document.hidden || !("wakeLock" in navigator)) return
    navigator.wakeLock.request("screen").then(
      (granted) => {
        lock = granted
      },
      // Refused, for example at low battery: the screen may sleep, the page still works.
      () => undefined,
    )
  }
  ask()
  // The browser drops the lock whenever the page is hidden.
  document.addEventListener("visibilitychange", ask)
  return () => {
    document.removeEventListener("visibilitychange", ask)
    void lock?.release()
  }
}
