import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { type AddressInfo, connect } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { generate } from "selfsigned"
import { Tokens } from "../src/index.ts"
import { TestClient } from "./TestClient.ts"
import { account, motion, secret, startServer, stateAt } from "./testServer.ts"

const temporaryFolder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "blink-streams-test-"))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true })),
)

it.live("A server mounted on an existing HTTP server handles only requests below its path", () =>
  Effect.gen(function* () {
    const server = yield* Effect.acquireRelease(
      Effect.callback<ReturnType<typeof createServer>>((resume) => {
        const server = createServer((request, response) => {
          if (request.url?.startsWith("/cameras") !== true) response.end("mine")
        })
        server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
      }),
      (server) =>
        Effect.sync(() => {
          server.close()
          server.closeAllConnections()
        }),
    )
    const testServer = yield* startServer({ server, path: "/cameras" })
    const { port } = server.address() as AddressInfo
    assert.strictEqual(testServer.url, `http://127.0.0.1:${port}/cameras/`)
    yield* testServer.log.append({ account, events: [motion(1)], state: stateAt(1) })
    yield* Effect.promise(async () => {
      assert.strictEqual(await (await fetch(`http://127.0.0.1:${port}/other`)).text(), "mine")
      assert.strictEqual((await fetch(`${testServer.url}healthz`)).status, 200)
      const peer = await new TestClient(testServer.socketUrl).authenticate(secret)
      peer.send({ type: "subscribe", id: "s", topics: ["*"] })
      const { state } = await peer.next("snapshot")
      assert.match(state.accounts[0]?.cameras[0]?.thumbnail?.url ?? "", /^\/cameras\/v1\/media\//)
    })
  }).pipe(Effect.scoped),
)

it.live("The server listens on a Unix socket and replaces a stale socket file, but not one in use", () =>
  Effect.gen(function* () {
    const socketPath = join(yield* temporaryFolder, "home.sock")
    const script = `require("node:net").createServer().listen(${JSON.stringify(socketPath)}, () => process.kill(process.pid, "SIGKILL"))`
    yield* Effect.promise(() => once(spawn(process.execPath, ["-e", script]), "exit"))
    assert.isTrue(statSync(socketPath).isSocket())
    const testServer = yield* startServer({ socketPath })
    assert.strictEqual(testServer.socketUrl, `ws+unix:${socketPath}:/`)
    yield* testServer.log.append({ account, events: [motion(1)], state: stateAt(1) })
    const peer = new TestClient(testServer.socketUrl, "blink-streams.v1", { headers: { host: "localhost" } })
    yield* Effect.promise(() => peer.authenticate(secret))
    peer.send({ type: "subscribe", id: "s", topics: ["*"] })
    yield* Effect.promise(() => peer.next("snapshot"))
    const taken = yield* Effect.flip(startServer({ socketPath }))
    assert.strictEqual(
      taken.message,
      `can't listen on ${socketPath}: the address is in use by another program`,
    )
  }).pipe(Effect.scoped),
)

it.live("The server supports TLS and closes a connection whose handshake is too slow", () =>
  Effect.gen(function* () {
    const { private: key, cert } = yield* Effect.promise(() =>
      generate([{ name: "commonName", value: "localhost" }]),
    )
    const tls = { key, cert }
    const testServer = yield* startServer({ tls, limits: { authDeadlineMs: 500 } })
    assert.match(testServer.socketUrl, /^wss:/)
    const idle = connect({ port: testServer.port, host: "127.0.0.1" })
    const peer = new TestClient(testServer.socketUrl, "blink-streams.v1", { rejectUnauthorized: false })
    yield* Effect.promise(() => peer.authenticate(secret))
    yield* Effect.promise(() => once(idle, "close"))
  }).pipe(Effect.scoped),
)

it.live("The server serves the page, the schemas and health, and responds with 404 to unknown paths", () =>
  Effect.gen(function* () {
    const staticDir = yield* temporaryFolder
    writeFileSync(join(staticDir, "index.html"), "<!doctype html><title>page</title>")
    const testServer = yield* startServer({ staticDir })
    yield* Effect.promise(async () => {
      const page = await fetch(testServer.url)
      assert.include(await page.text(), "<title>page</title>")
      assert.include(page.headers.get("content-security-policy"), "default-src 'self'")
      const contract = (await (await fetch(`${testServer.url}schema/v1/asyncapi.json`)).json()) as {
        asyncapi: string
      }
      assert.strictEqual(contract.asyncapi, "3.0.0")
      assert.include(await (await fetch(`${testServer.url}v1/docs`)).text(), "POST /v1/commands")
      assert.strictEqual((await fetch(`${testServer.url}readyz`)).status, 503)
      assert.strictEqual((await fetch(`${testServer.url}v1/nothing`)).status, 404)
      assert.strictEqual((await fetch(`${testServer.url}../../etc/passwd`)).status, 404)
    })
  }).pipe(Effect.scoped),
)

it.live("Tokens are stored as hashes in a file that only its owner can read", () =>
  Effect.gen(function* () {
    const file = join(yield* temporaryFolder, "tokens.json")
    const open = <A, E>(use: Effect.Effect<A, E, Tokens>) =>
      Effect.provide(use, Tokens.layerFile(file).pipe(Layer.provide(NodeServices.layer)))
    const permissions = { scopes: ["read"], accounts: null, networks: null, cameras: null } as const
    const token = yield* open(
      Tokens.use((tokens) => Effect.map(tokens.create({ name: "lamp", permissions }), ({ token }) => token)),
    )
    assert.strictEqual(statSync(file).mode & 0o777, 0o600)
    assert.notInclude(readFileSync(file, "utf8"), Redacted.value(token))
    const authToken = yield* open(Tokens.use((tokens) => tokens.verify(token)))
    assert.deepStrictEqual(authToken?.permissions, permissions)
    assert.isNull(yield* open(Tokens.use((tokens) => tokens.verify(Redacted.make("another")))))
  }).pipe(Effect.scoped),
)
