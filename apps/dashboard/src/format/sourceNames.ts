const names: Record<string, string> = {
  state: "System state",
  clips: "Clips",
  legacy_events: "Events",
  usb_storage: "USB storage",
}

/** Display name of a source; an unknown source is shown by its id. */
export const sourceName = (source: string): string => names[source] ?? source

/** Display text of a source's state. */
export const sourceStateText = (state: string): string => (state === "needs_user" ? "action required" : state)
