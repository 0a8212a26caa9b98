import { createSignal, type Accessor } from "solid-js"

export const views = ["home", "timeline", "account"] as const
export type View = (typeof views)[number]

/** The view is in the fragment, so that the back button works and no server needs to know of it. */
const read = (): { readonly view: View; readonly params: URLSearchParams } => {
  const [path = "", query = ""] = location.hash.replace(/^#\/?/, "").split("?")
  return { view: views.find((view) => view === path) ?? "home", params: new URLSearchParams(query) }
}

const [route, setRoute] = createSignal(read())
addEventListener("hashchange", () => setRoute(read()))

export const currentView = (): View => route().view
export const routeParams: Accessor<URLSearchParams> = () => route().params

/** For a tablet on the wall: only the home, larger, never asleep, nothing that can be set up. */
export const isKiosk = new URLSearchParams(location.search).has("kiosk")
