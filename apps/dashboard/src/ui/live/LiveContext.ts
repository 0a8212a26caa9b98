import { createContext, useContext } from "solid-js"
import type { Live } from "./createLive.ts"

export const LiveContext = createContext<Live>()

/** What the page shows; only below `LiveContext.Provider`. */
export const useLive = (): Live => {
  const live = useContext(LiveContext)
  if (!live) throw new Error("useLive outside of LiveContext")
  return live
}
