import { Effect, Schema } from "effect"
import { EventPage } from "../EventPage.ts"
import { Deviation } from "./ProbeSocket.ts"

const decodePage = Schema.decodeUnknownEffect(EventPage)

/** Requests the newest events of the log over HTTP, with the backfilled ones, at the same address as the websocket. */
export const fetchNewestEvents = Effect.fnUntraced(function* (
  server: { readonly url: string; readonly token: string; readonly timeoutMs: number },
  limit: number,
) {
  const path = `v1/events?limit=${limit}&backfilled=true`
  const address = new URL(path, server.url.replace(/^ws/, "http").replace(/\/?$/, "/"))
  const body = yield* Effect.tryPromise({
    try: async (): Promise<unknown> => {
      const headers = { authorization: `Bearer ${server.token}` }
      const response = await fetch(address, { headers, signal: AbortSignal.timeout(server.timeoutMs) })
      return response.json()
    },
    catch: (cause) => new Deviation({ detail: `GET ${path}: ${String(cause)}` }),
  })
  return yield* decodePage(body).pipe(
    Effect.mapError(
      ({ message }) =>
        new Deviation({ detail: `GET ${path}: ${message.replaceAll(/\s+/g, " ").slice(0, 200)}` }),
    ),
  )
})
