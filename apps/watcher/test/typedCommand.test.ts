import { expect, it } from "vitest"
import { parseTypedCommand } from "../src/input/typedCommand.ts"

it.each([
  ["arm", { do: "arm", name: "" }],
  ["  disarm  Front yard ", { do: "disarm", name: "Front yard" }],
  ["motion off Porch", { do: "off", name: "Porch" }],
  ["filter porch motion", { do: "filter", text: "porch motion" }],
  ["q", { do: "quit" }],
  ["", { do: "nothing", problem: null }],
  ["motion maybe", { do: "nothing", problem: "motion on|off CAMERA" }],
])("parseTypedCommand parses %j", (line, typed) => {
  expect(parseTypedCommand(line)).toEqual(typed)
})

it("parseTypedCommand lists the known commands for an unknown one", () => {
  expect(parseTypedCommand("fly")).toMatchObject({
    problem: expect.stringContaining('"fly" is not a command'),
  })
})
