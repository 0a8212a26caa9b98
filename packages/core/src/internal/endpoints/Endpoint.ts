import type { Schema } from "effect"
import type { Priority } from "../../Priority.ts"

/** Names in braces of a path. `{account}` is filled in from the session. */
type PathParams<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Exclude<Name, "account"> | PathParams<Rest>
  : never

/** Schema whose values are plain JSON: checked, not converted. */
export type WireSchema<A = unknown> = Schema.Codec<A, unknown>

/**
 * Endpoint of the cloud as data: used to send the request, decode the response and generate the OpenAPI
 * document.
 *
 * Responses are decoded leniently: unknown fields are accepted, and an invalid list item is dropped alone.
 */
export interface AnyEndpoint {
  readonly id: string
  readonly dialect: "oauth" | "legacy" | "both"
  readonly method: "GET" | "POST" | "PATCH" | "DELETE"
  readonly path: string
  readonly summary: string
  readonly priority: Priority
  /** True when the request carries no token. */
  readonly unauthenticated: boolean
  /** Host of the endpoint: the account's tier, the sign-in host, or the status page. */
  readonly host: "account" | "signIn" | "status"
  /** Body codes that mean an error elsewhere and success here. */
  readonly successCodes: ReadonlyArray<number>
  readonly query: Schema.Top | null
  readonly body: Schema.Top | null
  /** True when the body is sent as a form instead of JSON. */
  readonly form: boolean
  /** `null` when the response is a file of `contentType`; read it with `api.path` and `api.bytes`. */
  readonly response: Schema.Top | null
  readonly contentType: string
}

/** Endpoint with the types of its input and output. */
export interface Endpoint<Path extends string, Query, Body, Output> extends AnyEndpoint {
  readonly path: Path
  readonly query: WireSchema<Query> | null
  readonly body: WireSchema<Body> | null
  readonly response: WireSchema<Output> | null
}

/** Input of a request: path parameters, query and body, as far as the endpoint has them. */
export type EndpointInput<Path extends string, Query, Body> = {
  readonly [Name in PathParams<Path>]: string | number
} & ([Query] extends [never] ? unknown : { readonly query: Query }) &
  ([Body] extends [never] ? unknown : { readonly body: Body })

interface EndpointOptions<Query, Body, Output> {
  readonly dialect?: "oauth" | "legacy" | "both"
  readonly summary: string
  readonly priority?: Priority
  readonly unauthenticated?: boolean
  readonly host?: AnyEndpoint["host"]
  readonly successCodes?: ReadonlyArray<number>
  readonly form?: boolean
  readonly contentType?: string
  readonly query?: WireSchema<Query>
  readonly body?: WireSchema<Body>
  readonly response: WireSchema<Output> | null
}

/**
 * Defines an endpoint: `endpoint("homescreen", "GET", "/api/v3/accounts/{account}/homescreen", { summary,
 * response })`.
 *
 * Defaults: `dialect` is `oauth`, `priority` is `housekeeping` for GET and `command` otherwise, `host` is
 * `account`.
 */
export const endpoint = <const Path extends string, Output, Query = never, Body = never>(
  id: string,
  method: AnyEndpoint["method"],
  path: Path,
  options: EndpointOptions<Query, Body, Output>,
): Endpoint<Path, Query, Body, Output> => ({
  id,
  method,
  path,
  summary: options.summary,
  dialect: options.dialect ?? "oauth",
  priority: options.priority ?? (method === "GET" ? "housekeeping" : "command"),
  unauthenticated: options.unauthenticated ?? false,
  host: options.host ?? "account",
  successCodes: options.successCodes ?? [],
  form: options.form ?? false,
  contentType: options.contentType ?? "application/json",
  query: options.query ?? null,
  body: options.body ?? null,
  response: options.response,
})
