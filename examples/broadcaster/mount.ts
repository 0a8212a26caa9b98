/**
 * Mounts the broadcaster on an existing HTTP server: websocket, events and pictures below `/cameras` on the same port.
 *
 * Needs `session.json` of `blink-streams login` or `events/promises.ts` in BLINK_STREAMS_DIR, or in the working directory.
 * Clients connect with the token in BLINK_STREAMS_TOKEN. PORT defaults to 8080.
 *
 *     BLINK_STREAMS_TOKEN=secret node examples/broadcaster/mount.ts
 */
import { fileStore, monitorAccount } from "@blink-streams/events/promise"
import { startServer } from "@blink-streams/server/promise"
import { once } from "node:events"
import { createServer } from "node:http"

const { BLINK_API_URL: apiUrl, BLINK_OAUTH_URL: oauthUrl, BLINK_STREAMS_DIR: folder = "." } = process.env
const { BLINK_STREAMS_TOKEN: token, PORT: port = "8080" } = process.env
if (!token) throw new Error("set BLINK_STREAMS_TOKEN to the token of the clients")

const server = createServer((request, response) => {
  // The broadcaster handles requests below /cameras.
  if (!request.url?.startsWith("/cameras")) response.end("a page of your own\n")
})

const accounts = await monitorAccount({
  store: fileStore(`${folder}/session.json`),
  log: `${folder}/broadcast.db`,
  apiUrl,
  oauthUrl,
})
await once(server.listen(Number(port), "127.0.0.1"), "listening")
const { socketUrl } = await startServer({ accounts, token, server, path: "/cameras" })
console.log(`clients connect to ${socketUrl}`)
