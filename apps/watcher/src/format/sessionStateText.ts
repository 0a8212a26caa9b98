import { cleanText } from "./cleanText.ts"

/** Display text of the state of a session: `active`, `signed out`, `awaiting pin`. */
export const sessionStateText = (state: string): string => cleanText(state).replaceAll("_", " ")
