import { Effect } from "effect"
import type { AnyEndpoint, WireSchema } from "../endpoints/Endpoint.ts"
import type { HttpResponse } from "../http/responseError.ts"
import { decodeIncremental } from "./decodeIncremental.ts"
import { decodeResponse } from "./decodeResponse.ts"
import { makeResponseCache } from "./memo.ts"

/** Covers the pages of a media poll and the networks of a legacy account. */
const capacity = 16

/**
 * Decoder of responses. While the text of a read is unchanged, it returns the same value without issues; of a
 * polled response that differs a little, it decodes only the changed objects.
 */
export const makeResponseDecoder = () => {
  const cache = makeResponseCache(capacity)
  return Effect.fnUntraced(function* <A>(
    { id, method, priority }: AnyEndpoint,
    schema: WireSchema<A>,
    input: object,
    response: HttpResponse,
  ) {
    if (method !== "GET") return yield* decodeResponse(id, schema, response)
    const key = `${id} ${JSON.stringify(input)}`
    const cached = cache.get(key, response.text)
    // The key starts with the endpoint's id, so the value has the type of its schema.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    if (cached !== null) return { value: cached.value as A, issues: [] }
    const decoded = yield* priority === "poll"
      ? decodeIncremental(id, schema, response, cache.latest(key))
      : decodeResponse(id, schema, response)
    cache.set(key, response.text, decoded.value)
    return decoded
  })
}
