import { createSignal, type Accessor } from "solid-js"

export const views = ["home", "timeline", "account"] as const
export type View = (typeof views)[number]

/** The view is in the fragment, so that the back button works and no server needs to know of it. */
const readView = (): View => {
  const path = location.hash.replace(/^#\/?/, "")
  return views.find((view) => view === path) ?? "home"
}

const [view, setView] = createSignal(readView())
addEventListener("hashchange", () => setView(readView()))

export const currentView: Accessor<View> = view

/** For a tablet on the wall: only the home, larger, never asleep, nothing that can be set up. */
export const isKiosk = new URLSearchParams(location.search).has("kiosk")
