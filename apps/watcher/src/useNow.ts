import { useEffect, useState } from "react"

/**
 * The time, as of this frame; a frame is drawn every `everyMillis` even if nothing else changes. One clock for the
 * whole screen, so that it is drawn once.
 */
export const useNow = (everyMillis: number): number => {
  const [, tick] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), everyMillis)
    return () => clearInterval(timer)
  }, [everyMillis])
  return Date.now()
}
