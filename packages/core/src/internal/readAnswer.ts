import { Effect, Result } from "effect"
import { blinkError, UnexpectedResponse } from "../BlinkError.ts"
import type { WireSchema } from "../Endpoint.ts"
import { lenient } from "./lenient.ts"
import { excerpt, type Reply } from "./refusal.ts"

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
