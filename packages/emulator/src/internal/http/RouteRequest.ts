import { Option, Schema } from "effect"
import type { IncomingHttpHeaders } from "node:http"
import type { World } from "../world/World.ts"

/** A request with the world and the instant in which it is handled. */
export interface RouteRequest {
  readonly world: World
  readonly now: number
  readonly method: string
  readonly path: string
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: Uint8Array
}

export const header = (request: RouteRequest, name: string): string | undefined => {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}

/** Fields of a body, or of an object in it, whose types the route checks. */
const Fields = Schema.Record(Schema.String, Schema.Unknown)
const parseJsonFields = Schema.decodeUnknownOption(Schema.fromJsonString(Fields))

export const isFields = Schema.is(Fields)

/** Fields of a JSON or form body. Ignores the content type: old clients send a wrong one, or one without a body. */
export const bodyFields = (request: RouteRequest): Readonly<Record<string, unknown>> => {
  const text = Buffer.from(request.body).toString("utf8").trim()
  return Option.getOrElse(parseJsonFields(text), () => Object.fromEntries(new URLSearchParams(text)))
}

/** A field as text. Numbers are formatted; other types are undefined. */
export const textField = (values: Readonly<Record<string, unknown>>, name: string): string | undefined => {
  const value = values[name]
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : undefined
}

export const cookies = (request: RouteRequest): Record<string, string> =>
  Object.fromEntries(
    (header(request, "cookie") ?? "")
      .split(";")
      .map((pair) => pair.trim().split("="))
      .flatMap(([name, ...value]) => (name === undefined || name === "" ? [] : [[name, value.join("=")]])),
  )
