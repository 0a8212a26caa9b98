/* oxlint-disable no-control-regex -- control characters are what this file is about */

/** Escape sequences as a whole, so that not even their harmless tail remains: CSI, OSC and its kin, two-byte. */
const sequences = new RegExp(
  [
    "(?:\\u001B\\[|\\u009B)[0-?]*[ -/]*[@-~]",
    "(?:\\u001B[\\]PX^_]|[\\u009D\\u0090\\u0098\\u009E\\u009F])[^\\u0007\\u001B\\u009C]*(?:\\u0007|\\u001B\\\\|\\u009C)?",
    "\\u001B[ -/]*[0-~]",
  ].join("|"),
  "g",
)
const controlCharacters = /[\u0000-\u001F\u007F-\u009F]+/g
/** Overrides and isolates can turn the rest of a line around; marks and joiners are harmless and emoji need them. */
const directionOverrides = /[\u202A-\u202E\u2066-\u2069\u2028\u2029\uFEFF\uFFF9-\uFFFB]/g

/**
 * `text` without what a terminal would obey. A camera's name comes from outside: written as it is, it could
 * move the cursor, set the title, forge lines or type into the shell.
 */
export const cleanText = (text: string): string =>
  text.replaceAll(sequences, "").replaceAll(controlCharacters, " ").replaceAll(directionOverrides, "").trim()
