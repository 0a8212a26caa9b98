/** Action, default key and description, in the order in which the help lists them. */
const table = [
  ["panel1", "1", "systems"],
  ["panel2", "2", "cameras"],
  ["panel3", "3", "detail"],
  ["panel4", "4", "events"],
  ["panel5", "5", "health"],
  ["next", "tab", "next panel"],
  ["previous", "shift+tab", "previous panel"],
  ["down", "j", "down (also ↓)"],
  ["up", "k", "up (also ↑)"],
  ["first", "g", "to the top"],
  ["last", "G", "to the bottom"],
  ["open", "enter", "detail"],
  ["back", "esc", "back"],
  ["filter", "/", "filter the events"],
  ["command", ":", "command line"],
  ["help", "?", "this help"],
  ["arm", "a", "arm the system"],
  ["disarm", "D", "disarm the system (asks first)"],
  ["motion", "m", "motion detection on or off"],
  ["thumbnail", "t", "take a new picture"],
  ["clips", "c", "clips of the camera"],
  ["play", "o", "open the clip in a player"],
  ["acknowledge", "x", "acknowledge the event"],
  ["acknowledgeAll", "X", "acknowledge all"],
  ["snooze", "s", "mute the camera here for 15 minutes"],
  ["pause", "p", "pause the events (keeps counting)"],
  ["follow", "f", "follow the newest event"],
  ["refresh", "R", "refresh now"],
  ["log", "L", "command log"],
  ["health", "E", "health of the pollers"],
  ["wide", "w", "enlarge the events"],
  ["copy", "y", "copy the id"],
  ["quit", "q", "quit"],
] as const

export type Action = (typeof table)[number][0]
export interface Binding {
  readonly action: Action
  readonly key: string
  readonly description: string
}

export const defaultBindings: ReadonlyArray<Binding> = table.map(([action, key, description]) => ({
  action,
  key,
  description,
}))

/** One character or a named key. Terminals do not send other keys, or (Ctrl-C, Ctrl-Z) handle them themselves. */
const keyPattern = "^(\\S|space|tab|shift\\+tab|enter|esc|ctrl\\+[abd-gkln-y])$"
const isKey = new RegExp(keyPattern, "u")

/** The default bindings with the user's `overrides` applied, or `problem`: one sentence that names the invalid entry. */
export const bindKeys = (
  overrides: Readonly<Record<string, unknown>>,
): { readonly bindings: ReadonlyArray<Binding> } | { readonly problem: string } => {
  const chosen = new Map<string, string>()
  for (const [action, key] of Object.entries(overrides)) {
    if (!table.some(([name]) => name === action))
      return {
        problem: `keys: "${action}" is not an action: expected ${table.map(([name]) => name).join(", ")}`,
      }
    if (typeof key !== "string" || !isKey.test(key))
      return {
        problem: `keys: "${action}" is ${JSON.stringify(key)}: expected one character, space, tab, shift+tab, enter, esc, or ctrl+ and a letter`,
      }
    chosen.set(action, key)
  }
  const bindings = defaultBindings.map(({ action, key, description }) => ({
    action,
    description,
    key: chosen.get(action) ?? key,
  }))
  for (const { action, key } of bindings) {
    const other = bindings.find((each) => each.key === key && each.action !== action)
    if (other) return { problem: `keys: "${key}" is bound to ${action} and to ${other.action}` }
  }
  return { bindings }
}

/** JSON Schema of `keys` in `blink-streams.json`. */
export const keysSchema = {
  type: "object",
  additionalProperties: false,
  properties: Object.fromEntries(
    table.map(([action, key, description]) => [
      action,
      { type: "string", pattern: keyPattern, default: key, description },
    ]),
  ),
} as const

/** The flags of ink's `Key` that distinguish named keys. */
interface KeyFlags {
  readonly upArrow: boolean
  readonly downArrow: boolean
  readonly return: boolean
  readonly escape: boolean
  readonly ctrl: boolean
  readonly shift: boolean
  readonly tab: boolean
  readonly home: boolean
  readonly end: boolean
}

/** Name of a key press, as used in the table of bindings. */
const keyName = (input: string, key: KeyFlags): string => {
  if (key.tab) return key.shift ? "shift+tab" : "tab"
  if (key.return) return "enter"
  if (key.escape) return "esc"
  if (input === " ") return "space"
  return key.ctrl ? `ctrl+${input}` : input
}

export const actionForKey = (
  bindings: ReadonlyArray<Binding>,
  input: string,
  key: KeyFlags,
): Action | null => {
  if (key.upArrow) return "up"
  if (key.downArrow) return "down"
  if (key.home) return "first"
  if (key.end) return "last"
  const name = keyName(input, key)
  return bindings.find((binding) => binding.key === name)?.action ?? null
}
