import { useEffect, useState } from "react"

/**
 * Epoch milliseconds of this frame. Forces a frame every `intervalMillis`. The screen uses one clock, so that it is
 * drawn once per tick.
 */
export const useNow = (intervalMillis: number): number => {
  const [, setFrame] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setFrame((count) => count + 1), intervalMillis)
    return () => clearInterval(timer)
  }, [intervalMillis])
  return Date.now()
}
