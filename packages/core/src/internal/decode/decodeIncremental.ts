import { Effect, Predicate, Result } from "effect"
import type { WireSchema } from "../endpoints/Endpoint.ts"
import type { HttpResponse } from "../http/responseError.ts"
import { decodeResponse } from "./decodeResponse.ts"
import { type DecodedDocument, patchDocument, toDecodedDocument } from "./incrementalJson.ts"
import { type DecodeIssue, lenientDecoder } from "./lenientDecoder.ts"

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
