import { Effect, Result } from "effect"
import { blinkError, UnexpectedResponse } from "../../BlinkError.ts"
import type { WireSchema } from "../../Endpoint.ts"
import { lenientDecoder, type DecodeIssue } from "../decode/lenientDecoder.ts"
import { excerpt, type HttpResponse } from "./responseError.ts"
import { toDecodedDocument, type DecodedDocument, patchDocument } from "../decode/incrementalJson.ts"

/** What `schema` can use of an answer, and where it surprised. Fails with `UnexpectedResponse`. */
export const decodeResponse = <A>(
  operation: string,
  schema: WireSchema<A>,
  response: Pick<HttpResponse, "status" | "text">,
) =>
  Effect.suspend(() => {
    const unexpected = (detail: string) =>
      Effect.fail(blinkError(operation, new UnexpectedResponse({ status: response.status, detail })))
    let json: unknown
    try {
      // Some calls answer success with nothing at all.
      json = response.text === "" ? {} : JSON.parse(response.text)
    } catch {
      const detail = /^\s*[[{]/.test(response.text) ? "cut-off JSON" : "no JSON"
      return unexpected(`${detail}: ${excerpt(response.text)}`)
    }
    return Result.match(lenientDecoder(schema, operation)(json), {
      onSuccess: Effect.succeed,
      onFailure: unexpected,
    })
  })

/** How the newest answers of a call were read, by their value: what a poll starts from the next time. */
const decodedDocuments = new WeakMap<object, DecodedDocument>()

const isDocument = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/**
 * As `readAnswer`, for a call that is made again and again: of an answer that is mostly the one before, only the objects
 * that have changed are read, and the others are the very same objects.
 */
export const decodeIncremental = <A>(
  operation: string,
  schema: WireSchema<A>,
  response: Pick<HttpResponse, "status" | "text">,
  previous: { readonly text: string; readonly value: unknown } | null,
) =>
  Effect.suspend(() => {
    const full = decodeResponse(operation, schema, response)
    if (previous === null || !isDocument(previous.value)) return full
    const previousDocument =
      decodedDocuments.get(previous.value) ?? toDecodedDocument(previous.text, previous.value)
    let issues: ReadonlyArray<DecodeIssue> = []
    const document = patchDocument(previousDocument, response.text, (json) => {
      const result = lenientDecoder(schema, operation)(json)
      if (Result.isFailure(result) || !isDocument(result.success.value)) return null
      issues = result.success.issues
      return result.success.value
    })
    if (document === null) return full
    decodedDocuments.set(document.value, document)
    // Every part of it was read with this schema, now or before.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return Effect.succeed({ value: document.value as A, issues })
  })
