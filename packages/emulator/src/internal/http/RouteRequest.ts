import type { IncomingHttpHeaders } from "node:http"
import type { World } from "../world/World.ts"

/** A request as handlers see it, with the instant at which it is answered. */
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

export const header = (ask: RouteRequest, name: string): string | undefined => {
  const value = ask.headers[name]
  return Array.isArray(value) ? value[0] : value
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // a body that is no JSON is no JSON, whatever its type claims
  }
}

/**
 * The fields of the body, whether it came as JSON or as a form, and whatever type it was sent under: old clients name
 * the wrong type, and many send a type with no body at all.
 */
export const bodyFields = (ask: RouteRequest): Record<string, unknown> => {
  const text = Buffer.from(ask.body).toString("utf8").trim()
  if (text === "") return {}
  if (text.startsWith("{")) {
    const value = parseJson(text)
    return isRecord(value) ? value : {}
  }
  return Object.fromEntries(new URLSearchParams(text))
}

/** A field as text; numbers are written out, anything else is absent. */
export const textField = (values: Record<string, unknown>, name: string): string | undefined => {
  const value = values[name]
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : undefined
}

export const cookies = (ask: RouteRequest): Record<string, string> =>
  Object.fromEntries(
    (header(ask, "cookie") ?? "")
      .split(";")
      .map((pair) => pair.trim().split("="))
      .flatMap(([name, ...value]) => (name === undefined || name === "" ? [] : [[name, value.join("=")]])),
  )

export { isRecord }
