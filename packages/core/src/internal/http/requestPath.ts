import { Effect, Predicate } from "effect"
import { blinkError } from "../../BlinkError.ts"
import { NotFound } from "../../Reason.ts"
import type { AnyEndpoint } from "../endpoints/Endpoint.ts"
import type { HttpRequest } from "./Transport.ts"

/** Part of the input of a request: a path parameter, `query` or `body`. */
export const inputField = (input: object, name: string): unknown => new Map(Object.entries(input)).get(name)

const queryOf = (query: unknown): string => {
  if (!Predicate.isReadonlyObject(query)) return ""
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) parameters.set(name, String(value))
  return parameters.size === 0 ? "" : `?${parameters.toString()}`
}

/** Path and query of a request. `account` replaces `{account}`. */
export const pathWithQuery = (endpoint: AnyEndpoint, input: object, account: number): string => {
  const path = endpoint.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(name === "account" ? String(account) : String(inputField(input, name))),
  )
  return path + queryOf(inputField(input, "query"))
}

/** Body of a request in the form of its endpoint. */
export const bodyOf = (endpoint: AnyEndpoint, input: object): Pick<HttpRequest, "form" | "json"> => {
  const body = inputField(input, "body")
  if (body === undefined) return {}
  return endpoint.form && Predicate.isReadonlyObject(body)
    ? { form: Object.fromEntries(Object.entries(body).map(([name, value]) => [name, String(value)])) }
    : { json: body }
}

/** Accepts a path only, never an address: the token is sent to the account's own host only. */
export const requireAccountPath = (operation: string, path: string) =>
  /^\/(?!\/)[^\s\\]*$/.test(path)
    ? Effect.succeed(path)
    : Effect.fail(
        blinkError(
          operation,
          new NotFound({ code: null, detail: "not the path of a picture or clip" }),
          "no",
        ),
      )
