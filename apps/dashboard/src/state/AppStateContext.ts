import { createContext, useContext } from "solid-js"
import type { AppState } from "./createAppState.ts"

export const AppStateContext = createContext<AppState>()

/** What the page shows; only below `LiveContext.Provider`. */
export const useAppState = (): AppState => {
  const app = useContext(AppStateContext)
  if (!app) throw new Error("useLive outside of LiveContext")
  return app
}
