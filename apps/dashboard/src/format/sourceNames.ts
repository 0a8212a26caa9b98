const names: Record<string, string> = {
  homescreen: "Home",
  media: "Clips",
  events: "Events",
  local_storage: "USB stick",
}

/** What is looked at, in a word for a person; a source that this page was not built with goes by its own name. */
export const sourceName = (source: string): string => names[source] ?? source

/** How it is doing: the protocol's word but where that would not say who has to act. */
export const sourceStateText = (state: string): string => (state === "waiting" ? "waits for a person" : state)
