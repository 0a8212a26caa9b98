import { assert } from "vitest"
import responses from "../shapes/responses.json" with { type: "json" }
import { shapeMismatches, type Shape } from "./shape.ts"

const shapes = new Map<string, Shape>(Object.entries(responses))

/** Asserts that the body has the keys and types of the recorded response of this name. */
export const expectShape = (name: string, body: unknown): void =>
  assert.deepStrictEqual(shapeMismatches(body, shapes.get(name) ?? `no shape ${name}`), [])
