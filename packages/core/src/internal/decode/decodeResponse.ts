import { Effect, Result } from "effect"
import { blinkError } from "../../BlinkError.ts"
import type { WireSchema } from "../endpoints/Endpoint.ts"
import { lenientDecoder } from "./lenientDecoder.ts"
import { excerpt, type HttpResponse } from "../http/responseError.ts"
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
