import { useEffect, useState } from "react"

/** The time, told again every `everyMillis`. One clock for the whole screen, so that it is drawn once. */
export const useNow = (everyMillis: number): number => {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMillis)
    return () => clearInterval(timer)
  }, [everyMillis])
  return now
}
