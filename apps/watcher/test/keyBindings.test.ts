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

it("no key of the defaults does two things", () => {
  expect(bindKeys({})).toEqual({ bindings: defaultBindings })
})

it("a binding of one's own replaces the default", () => {
  const bound = bindKeys({ refresh: "ctrl+r" })
  if ("problem" in bound) throw new Error(bound.problem)
  expect(actionForKey(bound.bindings, "r", { ...key, ctrl: true })).toBe("refresh")
  expect(actionForKey(bound.bindings, "R", key)).toBeNull()
})

it.each([
  ["an unknown action", { fly: "z" }, 'keys: "fly" is no action'],
  ["a key that is no text", { refresh: 7 }, 'keys: "refresh" is 7: expected one character'],
  ["a key that never arrives", { refresh: "F5" }, 'keys: "refresh" is "F5": expected one character'],
  ["the terminal's own key", { refresh: "ctrl+c" }, 'keys: "refresh" is "ctrl+c": expected one character'],
  ["a key that is taken", { refresh: "q" }, 'keys: "q" is bound to refresh and to quit'],
])("%s is reported", (_, own, problem) => {
  expect(bindKeys(own)).toEqual({ problem: expect.stringContaining(problem) })
})

it("arrows, tab and escape have names", () => {
  expect(actionForKey(defaultBindings, "", { ...key, downArrow: true })).toBe("down")
  expect(actionForKey(defaultBindings, "", { ...key, tab: true, shift: true })).toBe("previous")
  expect(actionForKey(defaultBindings, "", { ...key, escape: true })).toBe("back")
})

it("the schema knows every action and its default", () => {
  expect(keysSchema.properties["quit"]).toMatchObject({ type: "string", default: "q" })
  expect(Object.keys(keysSchema.properties)).toHaveLength(defaultBindings.length)
})
