const names: Readonly<Record<string, string>> = {
  state: "System state",
  clips: "Clips",
  legacy_events: "Events",
  usb_storage: "USB storage",
}

export const sourceName = (source: string): string => names[source] ?? source

/** Display texts of a polled source and of its state. An unknown source or state is returned unchanged. */
export const sourceText = (
  source: string,
  state: string,
): { readonly name: string; readonly state: string } => ({
  name: sourceName(source),
  state: state === "needs_user" ? "action required" : state,
})
