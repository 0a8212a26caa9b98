import type { LoggedEvent } from "@blink-streams/protocol"
import type { ReceivedEvent } from "../../Change.ts"
import type { CommandRequest, Json } from "../../Client.ts"
import type {
  EventPage,
  EventRange,
  HttpClient,
  HttpClientOptions,
  HttpRequestOptions,
  StateSnapshot,
  TokenInfo,
} from "../../HttpClient.ts"
import { RequestError } from "../../RequestError.ts"
import type { Platform } from "../platform.ts"
import { Requests } from "./Requests.ts"
import { invalidResponse, isObject, readBody } from "./responseBody.ts"

/** Remaining validity that a player needs to start. */
const expiryMarginMs = 60_000

/** The part of a media path that stays the same when the path is signed again. */
const unsigned = (path: string): string => path.split("?")[0] ?? path

const isExpiring = (path: string, now: number): boolean => {
  const expires = new URLSearchParams(path.split("?")[1]).get("expires")
  return expires !== null && Number(expires) < now + expiryMarginMs
}

/** Checks the envelope and the outline of an event: the server has validated the rest. */
const received = (logged: LoggedEvent): ReceivedEvent => {
  if (!isObject(logged) || typeof logged.cursor !== "string" || !isObject(logged.event?.data))
    throw invalidResponse("the page contains an entry that is not an event")
  return { ...logged.event, cursor: logged.cursor, replayed: true }
}

/** Client of the HTTP half of one server. */
export class FetchClient implements HttpClient {
  readonly #requests: Requests
  readonly #now: Platform["now"]

  constructor(options: HttpClientOptions, now: Platform["now"]) {
    this.#requests = new Requests(options)
    this.#now = now
  }

  async isReady({ signal }: HttpRequestOptions = {}): Promise<boolean> {
    // 503 is a regular response: the server runs, but has not polled yet.
    const response = await this.#requests.fetch({ path: "readyz", signal, authorized: false })
    return (await readBody<{ ready: boolean }>(response, { ready: "boolean" })).ready
  }

  async state({ signal }: HttpRequestOptions = {}): Promise<StateSnapshot> {
    const response = await this.#requests.send({ path: "v1/state", signal })
    return readBody<StateSnapshot>(response, {
      state: "object",
      cursor: "string",
      prompts: "array",
      ready: "boolean",
      readers: "array",
    })
  }

  async events(
    { since, until, limit = 100, backfilled }: EventRange = {},
    { signal }: HttpRequestOptions = {},
  ): Promise<EventPage> {
    const query = new URLSearchParams({
      limit: String(limit),
      ...(since === undefined ? {} : { since }),
      ...(until === undefined ? {} : { until }),
      ...(backfilled === undefined ? {} : { backfilled: String(backfilled) }),
    })
    const response = await this.#requests.send({ path: `v1/events?${query.toString()}`, signal })
    const page = await readBody<Omit<EventPage, "events"> & { readonly events: ReadonlyArray<LoggedEvent> }>(
      response,
      { events: "array", previous: "string", next: "string", more: "boolean" },
    )
    return { ...page, events: page.events.map(received) }
  }

  async event(cursor: string, options: HttpRequestOptions = {}): Promise<ReceivedEvent | null> {
    try {
      const { events } = await this.events({ until: cursor, limit: 1, backfilled: true }, options)
      return events.find((event) => event.cursor === cursor) ?? null
    } catch (error) {
      if (error instanceof RequestError && error.code === "cursor_expired") return null
      throw error
    }
  }

  mediaUrl(path: string): string {
    // The path contains the base path that the server was configured with, but not a prefix that a proxy strips.
    return this.#requests.url(path.slice(Math.max(0, path.lastIndexOf("/v1/"))).replace(/^\/+/, ""))
  }

  async freshMediaUrl(
    path: string,
    cursor: string,
    options: HttpRequestOptions = {},
  ): Promise<string | null> {
    if (!isExpiring(path, this.#now())) return this.mediaUrl(path)
    const event = await this.event(cursor, options)
    const values: ReadonlyArray<unknown> = event === null ? [] : Object.values(event.data)
    const renewed = values.find((each) => typeof each === "string" && unsigned(each) === unsigned(path))
    return typeof renewed === "string" ? this.mediaUrl(renewed) : null
  }

  async media(path: string, { signal }: HttpRequestOptions = {}): Promise<Uint8Array> {
    const url = this.mediaUrl(path)
    const request = { path: url, accept: "*/*", signal, timeoutMs: 60_000, authorized: false }
    return new Uint8Array(await (await this.#requests.send(request)).arrayBuffer())
  }

  async command(request: CommandRequest, { signal }: HttpRequestOptions = {}): Promise<Json> {
    const body = { idempotencyKey: crypto.randomUUID(), ...request }
    const sent = { method: "POST", path: "v1/commands", body, signal, timeoutMs: null } as const
    const { value } = await readBody<{ ok: boolean; value: Json }>(await this.#requests.send(sent), {
      ok: "boolean",
      value: "json",
    })
    return value
  }

  async liveView(
    { account, kind, id }: Parameters<HttpClient["liveView"]>[0],
    { signal }: HttpRequestOptions = {},
  ): Promise<ReadableStream<Uint8Array>> {
    const path = `v1/live/${account}/${kind}/${id}`
    const { body } = await this.#requests.send({ path, accept: "video/mp2t", signal, timeoutMs: null })
    return body ?? new ReadableStream({ start: (controller) => controller.close() })
  }

  async listTokens(): Promise<ReadonlyArray<TokenInfo>> {
    const response = await this.#requests.send({ path: "v1/tokens" })
    return (await readBody<{ tokens: ReadonlyArray<TokenInfo> }>(response, { tokens: "array" })).tokens
  }

  async createToken(name: string, scopes: TokenInfo["scopes"]): Promise<string> {
    const response = await this.#requests.send({ method: "POST", path: "v1/tokens", body: { name, scopes } })
    return (await readBody<{ token: string }>(response, { token: "string" })).token
  }

  async revokeToken(id: string): Promise<void> {
    await this.#requests.send({ method: "DELETE", path: `v1/tokens/${encodeURIComponent(id)}` })
  }

  async redeemCode(code: string): Promise<string> {
    const request = { method: "POST", path: "v1/session", body: { code }, authorized: false } as const
    const response = await this.#requests.send(request)
    return (await readBody<{ token: string }>(response, { token: "string" })).token
  }
}
