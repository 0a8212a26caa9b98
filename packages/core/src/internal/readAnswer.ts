import { Effect, Result } from "effect"
import { blinkError, UnexpectedResponse } from "../BlinkError.ts"
import type { WireSchema } from "../Endpoint.ts"
import { lenient, type Surprise } from "./lenient.ts"
import { excerpt, type Reply } from "./refusal.ts"
import { asRead, type Read, reread } from "./reread.ts"

/** What `schema` can use of an answer, and where it surprised. Fails with `UnexpectedResponse`. */
export const readAnswer = <A>(
  operation: string,
  schema: WireSchema<A>,
  reply: Pick<Reply, "status" | "text">,
) =>
  Effect.suspend(() => {
    const unexpected = (what: string) =>
      Effect.fail(blinkError(operation, new UnexpectedResponse({ status: reply.status, what })))
    let json: unknown
    try {
      // Some calls answer success with nothing at all.
      json = reply.text === "" ? {} : JSON.parse(reply.text)
    } catch {
      const what = /^\s*[[{]/.test(reply.text) ? "cut-off JSON" : "no JSON"
      return unexpected(`${what}: ${excerpt(reply.text)}`)
    }
    return Result.match(lenient(schema, operation)(json), {
      onSuccess: Effect.succeed,
      onFailure: unexpected,
    })
  })

/** How the newest answers of a call were read, by their value: what a poll starts from the next time. */
const pieces = new WeakMap<object, Read>()

const isDocument = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/**
 * As `readAnswer`, for a call that is made again and again: of an answer that is mostly the one before, only the objects
 * that have changed are read, and the others are the very same objects.
 */
export const rereadAnswer = <A>(
  operation: string,
  schema: WireSchema<A>,
  reply: Pick<Reply, "status" | "text">,
  latest: { readonly text: string; readonly value: unknown } | null,
) =>
  Effect.suspend(() => {
    const whole = readAnswer(operation, schema, reply)
    if (latest === null || !isDocument(latest.value)) return whole
    const before = pieces.get(latest.value) ?? asRead(latest.text, latest.value)
    let found: ReadonlyArray<Surprise> = []
    const read = reread(before, reply.text, (json) => {
      const result = lenient(schema, operation)(json)
      if (Result.isFailure(result) || !isDocument(result.success.value)) return null
      found = result.success.found
      return result.success.value
    })
    if (read === null) return whole
    pieces.set(read.value, read)
    // Every part of it was read with this schema, now or before.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return Effect.succeed({ value: read.value as A, found })
  })
