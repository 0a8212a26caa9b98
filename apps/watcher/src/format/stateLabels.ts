import { cleanText } from "./cleanText.ts"

const sourceNames: Readonly<Record<string, string>> = {
  state: "System state",
  clips: "Clips",
  legacy_events: "Events",
  usb_storage: "USB storage",
}

const sessionEvents: Readonly<Record<string, string>> = {
  signed_out: "Signed out of Blink",
  authorizing: "Signing in to Blink",
  awaiting_pin: "PIN required",
  active: "Signed in to Blink",
  renewing: "Renewing the Blink session",
  blocked: "Sign-in blocked",
}

/** Display name of a polled source; the source itself when it is unknown. */
export const sourceName = (source: string): string => sourceNames[source] ?? cleanText(source)

/** Display text of the state of a source. */
export const sourceStateText = (state: string): string =>
  state === "needs_user" ? "action required" : cleanText(state)

/** Display text of the state of a session: `active`, `signed out`, `awaiting pin`. */
export const sessionStateText = (state: string): string => cleanText(state).replaceAll("_", " ")

/** Text of a change to a session state. */
export const sessionEventText = (state: string): string => sessionEvents[state] ?? cleanText(state)
