import { assert } from "vitest"
import answers from "../shapes/responses.json" with { type: "json" }
import { shapeMismatches, type Shape } from "./shape.ts"

const shapes = new Map<string, Shape>(Object.entries(answers))

/** The answer has the keys and types of the recorded one of this name. */
export const expectShape = (name: string, body: unknown): void =>
  assert.deepStrictEqual(shapeMismatches(body, shapes.get(name) ?? `no shape ${name}`), [])
