import { useEffect, useState } from "react"

/**
 * The time, as of this frame; a frame is drawn every `everyMillis` even if nothing else changes. One clock for the
 * whole screen, so that it is drawn once.
 */
export const useNow = (intervalMillis: number): number => {
  const [, setFrame] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setFrame((count) => count + 1), intervalMillis)
    return () => clearInterval(timer)
  }, [intervalMillis])
  return Date.now()
}
