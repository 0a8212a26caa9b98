import { createSignal, type Accessor } from "solid-js"

export const views = ["home", "timeline", "account"] as const
export type View = (typeof views)[number]

/** The view is in the URL's fragment, so that the back button works without server routes. */
const readView = (): View => {
  const path = location.hash.replace(/^#\/?/, "")
  return views.find((view) => view === path) ?? "home"
}

const [view, setView] = createSignal(readView())
addEventListener("hashchange", () => setView(readView()))

export const currentView: Accessor<View> = view

/** True with `?kiosk`, for a wall-mounted tablet: only the home view, larger, with the screen kept on. */
export const isKiosk = new URLSearchParams(location.search).has("kiosk")
