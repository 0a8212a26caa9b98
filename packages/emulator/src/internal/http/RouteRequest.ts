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

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // clients send other bodies as JSON as well
  }
}

/** Fields of a JSON or form body. Ignores the content type: old clients send a wrong one, or one without a body. */
export const bodyFields = (request: RouteRequest): Record<string, unknown> => {
  const text = Buffer.from(request.body).toString("utf8").trim()
  if (text === "") return {}
  if (text.startsWith("{")) {
    const value = parseJson(text)
    return isRecord(value) ? value : {}
  }
  return Object.fromEntries(new URLSearchParams(text))
}

/** A field as text. Numbers are formatted; other types are undefined. */
export const textField = (values: Record<string, unknown>, name: string): string | undefined => {
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

export { isRecord }
