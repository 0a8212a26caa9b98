import { createContext, useContext } from "solid-js"
import type { AppState } from "./createAppState.ts"

export const AppStateContext = createContext<AppState>()

/** Returns the page's state. Throws outside of `AppStateContext.Provider`. */
export const useAppState = (): AppState => {
  const app = useContext(AppStateContext)
  if (!app) throw new Error("useAppState outside of AppStateContext.Provider")
  return app
}
