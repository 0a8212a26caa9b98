/* oxlint-disable no-control-regex -- this file removes control characters */

/** Whole escape sequences, so that their printable rest is removed as well: CSI; OSC, DCS, SOS, PM, APC; two-byte. */
const sequences = new RegExp(
  [
    "(?:\\u001B\\[|\\u009B)[0-?]*[ -/]*[@-~]",
    "(?:\\u001B[\\]PX^_]|[\\u009D\\u0090\\u0098\\u009E\\u009F])[^\\u0007\\u001B\\u009C]*(?:\\u0007|\\u001B\\\\|\\u009C)?",
    "\\u001B[ -/]*[0-~]",
  ].join("|"),
  "g",
)
const controlCharacters = /[\u0000-\u001F\u007F-\u009F]+/g
/** Overrides and isolates can reverse the rest of a line. Marks and joiners are harmless, and emoji need them. */
const directionOverrides = /[\u202A-\u202E\u2066-\u2069\u2028\u2029\uFEFF\uFFF9-\uFFFB]/g

/**
 * Removes escape sequences, control characters and direction overrides from `text`. Names of cameras are untrusted:
 * written to a terminal unchanged, they could move the cursor, set the title, forge lines or type into the shell.
 */
export const cleanText = (text: string): string =>
  text.replaceAll(sequences, "").replaceAll(controlCharacters, " ").replaceAll(directionOverrides, "").trim()
