/**
 * Mounts the broadcaster on an existing HTTP server: websocket, events and pictures below `/cameras` on the same port.
 *
 * Needs `session.json` of `blink-streams login` or `events/promises.ts` in BLINK_STREAMS_DIR, or in the working directory.
 * Clients connect with the token in BLINK_STREAMS_TOKEN. PORT defaults to 8080.
 *
 *     BLINK_STREAMS_TOKEN=secret node examples/broadcaster/mount.ts
 */
import { BlinkAccount, TokenStore } from "@blink-streams/core"
import { AccountLease, EventLog, AccountMonitors } from "@blink-streams/events"
import { serve, Tokens } from "@blink-streams/server"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Effect, Layer, Redacted } from "effect"
import { FetchHttpClient } from "effect/http"
import { once } from "node:events"
import { createServer } from "node:http"

const { BLINK_API_URL: apiUrl, BLINK_OAUTH_URL: oauthUrl, BLINK_STREAMS_DIR: folder = "." } = process.env
const { BLINK_STREAMS_TOKEN: token, PORT: port = "8080" } = process.env
if (!token) throw new Error("set BLINK_STREAMS_TOKEN to the token of the clients")

const server = createServer((request, response) => {
  // The broadcaster handles requests below /cameras.
  if (!request.url?.startsWith("/cameras")) response.end("a page of your own\n")
})

const account = BlinkAccount.layer({
  config: {
    ...(apiUrl === undefined ? {} : { apiUrl }),
    ...(oauthUrl === undefined ? {} : { oauthUrl }),
  },
  store: TokenStore.layerFile(`${folder}/session.json`),
}).pipe(Layer.provide(FetchHttpClient.layer))

const program = Effect.gen(function* () {
  yield* AccountMonitors.use((homes) => homes.add(account))
  yield* Effect.promise(() => once(server.listen(Number(port), "127.0.0.1"), "listening"))
  const { socketUrl } = yield* serve({ server, path: "/cameras" })
  yield* Effect.log(`clients connect to ${socketUrl}`)
  return yield* Effect.never
})

const services = Layer.mergeAll(
  AccountMonitors.layer.pipe(
    Layer.provide(EventLog.layerSqlite({ filename: `${folder}/broadcast.db` })),
    Layer.provide(AccountLease.layerInProcess),
  ),
  Tokens.layerMemory(Redacted.make(token)),
  NodeHttpServer.layerHttpServices,
)

await Effect.runPromise(Effect.scoped(program).pipe(Effect.provide(services)))
