import type { HttpClient, HttpClientOptions } from "./HttpClient.ts"
import { FetchClient } from "./internal/http/FetchClient.ts"
import { systemTime } from "./internal/platform.ts"

export type * from "./HttpClient.ts"
export { RequestError } from "./RequestError.ts"

/**
 * Creates a client of the HTTP half of a server. It opens no connection and stores nothing. Throws a `TypeError` when the URL
 * is not valid.
 *
 * @example
 * ```ts
 * const http = httpClient({ url: "http://127.0.0.1:25465/", token: "…" })
 * const { events } = await http.events({ limit: 10 })
 * ```
 */
export const httpClient = (options: HttpClientOptions): HttpClient => new FetchClient(options, systemTime)
