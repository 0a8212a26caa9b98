import type { HttpClientOptions } from "../../HttpClient.ts"
import { noResponse, responseError } from "./responseBody.ts"

interface Request {
  readonly method?: "GET" | "POST" | "DELETE"
  /** Path below the base path, without a leading slash. */
  readonly path: string
  readonly accept?: string
  readonly body?: unknown
  readonly signal?: AbortSignal | undefined
  /** Time limit in milliseconds; `null`: none. Default: 15 s. */
  readonly timeoutMs?: number | null
  /** Default: true. Media URLs contain their permission. */
  readonly authorized?: boolean
}

/** HTTP base URL of a server; it ends in a slash, so that paths resolve below a base path. */
const baseUrl = (url: string | URL): URL => {
  const base = new URL(String(url).replace(/^ws/, "http"))
  base.search = base.hash = ""
  if (!base.pathname.endsWith("/")) base.pathname += "/"
  return base
}

/** Sends requests to one server. */
export class Requests {
  readonly #base: URL
  readonly #token: HttpClientOptions["token"]

  constructor({ url, token }: HttpClientOptions) {
    this.#base = baseUrl(url)
    this.#token = token
  }

  url(path: string): string {
    return new URL(path, this.#base).href
  }

  /** Sends a request. Rejects with a `RequestError`, or with the reason of `signal`. */
  async send(request: Request): Promise<Response> {
    const response = await this.fetch(request)
    if (response.ok) return response
    throw await responseError(response)
  }

  async #headers({ body, accept = "application/json", authorized = true }: Request) {
    const given = authorized ? this.#token : undefined
    const token = typeof given === "function" ? await given() : given
    return {
      accept,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    }
  }

  /** `send` that resolves for every status code. */
  async fetch(request: Request): Promise<Response> {
    const { method = "GET", path, body, signal, timeoutMs = 15_000 } = request
    const headers = await this.#headers(request)
    const signals = [
      ...(signal === undefined ? [] : [signal]),
      ...(timeoutMs === null ? [] : [AbortSignal.timeout(timeoutMs)]),
    ]
    try {
      return await fetch(this.url(path), {
        method,
        headers,
        signal: AbortSignal.any(signals),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
    } catch (cause) {
      throw signal?.aborted ? signal.reason : noResponse(cause)
    }
  }
}
