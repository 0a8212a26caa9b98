import type { ProtocolError } from "@blink-streams/protocol"
import { RequestError } from "../../RequestError.ts"

type Fields = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is Fields => typeof value === "object" && value !== null

export const invalidResponse = (message: string, retryable = false) =>
  new RequestError({ code: "invalid_response", message, retryable })

/** Error of a request without a complete response: a refused or broken connection, or a time limit. */
export const noResponse = (cause: unknown): RequestError =>
  new RequestError({
    code: "no_response",
    message: `the server does not respond: ${cause instanceof Error ? cause.message : String(cause)}`,
    retryable: true,
  })

/** Reads a JSON object. `undefined` when the body is something else. */
const readObject = async (response: Response): Promise<Fields | undefined> => {
  const text = await response.text().catch((cause: unknown) => {
    throw noResponse(cause)
  })
  try {
    const body: unknown = JSON.parse(text)
    return isObject(body) ? body : undefined
  } catch {
    return undefined
  }
}

const isProtocolError = (value: unknown): value is ProtocolError =>
  isObject(value) &&
  typeof value["code"] === "string" &&
  typeof value["message"] === "string" &&
  typeof value["retryable"] === "boolean"

/** Error of a response with another status than 2xx: that of its body, or one with the status. */
export const responseError = async (response: Response): Promise<RequestError> => {
  const error = (await readObject(response))?.["error"]
  return isProtocolError(error)
    ? new RequestError(error)
    : invalidResponse(`the server responded with HTTP ${response.status}`, response.status >= 500)
}

type FieldType = "string" | "boolean" | "object" | "array" | "json"

/** `json` is any value, but not a missing field. */
const hasType = (value: unknown, type: FieldType): boolean => {
  switch (type) {
    case "json":
      return value !== undefined
    case "array":
      return Array.isArray(value)
    case "object":
      return isObject(value)
    default:
      return typeof value === type
  }
}

/**
 * Reads the body of a successful response as the fields in `required`. Checks the envelope only: the server has validated
 * the rest. Rejects with `invalid_response` when a field is missing or has another type.
 */
export const readBody = async <Body extends object>(
  response: Response,
  required: Readonly<Record<keyof Body, FieldType>>,
): Promise<Body> => {
  const body = await readObject(response)
  const isBody = (value: Fields | undefined): value is Fields & Body =>
    value !== undefined &&
    Object.entries<FieldType>(required).every(([field, type]) => hasType(value[field], type))
  if (isBody(body)) return body
  throw invalidResponse("the response is not one of a blink-streams server")
}
