import { Effect, Predicate, Result } from "effect"
import { blinkError } from "../../BlinkError.ts"
import type { WireSchema } from "../endpoints/Endpoint.ts"
import { lenientDecoder, type DecodeIssue } from "../decode/lenientDecoder.ts"
import { excerpt, type HttpResponse } from "./responseError.ts"
import { toDecodedDocument, type DecodedDocument, patchDocument } from "../decode/incrementalJson.ts"
import { UnexpectedResponse } from "../../Reason.ts"

/** Decodes a response leniently. Returns the value and the decode issues. Fails with `UnexpectedResponse`. */
export const decodeResponse = <A>(
  operation: string,
  schema: WireSchema<A>,
  response: Pick<HttpResponse, "status" | "text">,
) =>
  Effect.suspend(() => {
    const unexpected = (detail: string) =>
      Effect.fail(blinkError(operation, new UnexpectedResponse({ status: response.status, detail }), "yes"))
    let json: unknown
    try {
      // Some endpoints report success with an empty body.
      json = response.text === "" ? {} : JSON.parse(response.text)
    } catch {
      const detail = /^\s*[[{]/.test(response.text) ? "truncated JSON" : "not JSON"
      return unexpected(`${detail}: ${excerpt(response.text)}`)
    }
    return Result.match(lenientDecoder(schema, operation)(json), {
      onSuccess: Effect.succeed,
      onFailure: unexpected,
    })
  })

/** Decoded documents by their value: base of the next incremental decoding. */
const decodedDocuments = new WeakMap<object, DecodedDocument>()

/**
 * `decodeResponse` for polled endpoints: decodes only the changed objects and returns the others as the same
 * objects.
 */
export const decodeIncremental = <A>(
  operation: string,
  schema: WireSchema<A>,
  response: Pick<HttpResponse, "status" | "text">,
  previous: { readonly text: string; readonly value: unknown } | null,
) =>
  Effect.suspend(() => {
    const full = decodeResponse(operation, schema, response)
    if (previous === null || !Predicate.isReadonlyObject(previous.value)) return full
    const previousDocument =
      decodedDocuments.get(previous.value) ?? toDecodedDocument(previous.text, previous.value)
    let issues: ReadonlyArray<DecodeIssue> = []
    const document = patchDocument(previousDocument, response.text, (json) => {
      const result = lenientDecoder(schema, operation)(json)
      if (Result.isFailure(result) || !Predicate.isReadonlyObject(result.success.value)) return null
      issues = result.success.issues
      return result.success.value
    })
    if (document === null) return full
    decodedDocuments.set(document.value, document)
    // Every part was decoded with this schema, now or earlier.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return Effect.succeed({ value: document.value as A, issues })
  })
