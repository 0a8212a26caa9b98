import { expect, it } from "vitest"
import { actionForKey, bindKeys, defaultBindings, keysSchema } from "../src/input/keyBindings.ts"

const key = {
  upArrow: false,
  downArrow: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  home: false,
  end: false,
}

it("The default bindings are valid and bind each key once", () => {
  expect(bindKeys({})).toEqual({ bindings: defaultBindings })
})

it("bindKeys replaces a default binding with the user's key", () => {
  const bound = bindKeys({ refresh: "ctrl+r" })
  if ("problem" in bound) throw new Error(bound.problem)
  expect(actionForKey(bound.bindings, "r", { ...key, ctrl: true })).toBe("refresh")
  expect(actionForKey(bound.bindings, "R", key)).toBeNull()
})

it.each([
  ["an unknown action", { fly: "z" }, 'keys: "fly" is not an action'],
  ["a key that is not a string", { refresh: 7 }, 'keys: "refresh" is 7: expected one character'],
  ["a key that terminals do not send", { refresh: "F5" }, 'keys: "refresh" is "F5": expected one character'],
  [
    "a key that the terminal handles itself",
    { refresh: "ctrl+c" },
    'keys: "refresh" is "ctrl+c": expected one character',
  ],
  ["a key that is bound twice", { refresh: "q" }, 'keys: "q" is bound to refresh and to quit'],
])("bindKeys reports %s", (_, own, problem) => {
  expect(bindKeys(own)).toEqual({ problem: expect.stringContaining(problem) })
})

it("actionForKey resolves arrow keys, Tab and Escape", () => {
  expect(actionForKey(defaultBindings, "", { ...key, downArrow: true })).toBe("down")
  expect(actionForKey(defaultBindings, "", { ...key, tab: true, shift: true })).toBe("previous")
  expect(actionForKey(defaultBindings, "", { ...key, escape: true })).toBe("back")
})

it("keysSchema lists every action with its default key", () => {
  expect(keysSchema.properties["quit"]).toMatchObject({ type: "string", default: "q" })
  expect(Object.keys(keysSchema.properties)).toHaveLength(defaultBindings.length)
})
