import type { Schema } from "effect"
import type { Priority } from "./Budget.ts"

/** The names in braces of a path; `{account}` is filled in from the session. */
export type PathParams<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Exclude<Name, "account"> | PathParams<Rest>
  : never

/** A schema whose values are what JSON gives: nothing to decode, only to check. */
export type WireSchema<A = unknown> = Schema.Codec<A, unknown>

/**
 * One call of the cloud, as data: enough to send it, to read its answer and to describe it in OpenAPI.
 *
 * The answer is read leniently: unknown fields pass, a bad item of a list takes no other with it.
 */
export interface AnyEndpoint {
  readonly id: string
  readonly dialect: "oauth" | "legacy" | "both"
  readonly method: "GET" | "POST" | "PATCH" | "DELETE"
  readonly path: string
  readonly summary: string
  readonly priority: Priority
  /** Sent without a token. */
  readonly unauthenticated: boolean
  /** Who serves it: the account's tier, the sign-in, or the page that tells how the service is. */
  readonly host: "account" | "signIn" | "status"
  /** Codes of a body that decline elsewhere and answer here. */
  readonly successCodes: ReadonlyArray<number>
  readonly query: Schema.Top | null
  readonly body: Schema.Top | null
  /** The body goes out as a form instead of JSON. */
  readonly form: boolean
  /** `null` when the answer is a file: of `type`, then, by `api.path` and `api.bytes`. */
  readonly response: Schema.Top | null
  readonly contentType: string
}

/** The same with the types of what it takes and answers. */
export interface Endpoint<Path extends string, Query, Body, Output> extends AnyEndpoint {
  readonly path: Path
  readonly query: WireSchema<Query> | null
  readonly body: WireSchema<Body> | null
  readonly response: WireSchema<Output> | null
}

/** What a call needs: the path's parameters, the query and the body, as far as the endpoint has them. */
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

/** `endpoint("homescreen", "GET", "/api/v3/accounts/{account}/homescreen", { … })` */
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
