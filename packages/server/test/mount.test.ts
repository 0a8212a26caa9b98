import { Tokens } from "../src/index.ts"
import { assert, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Layer, Redacted } from "effect"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { type AddressInfo, connect } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { generate } from "selfsigned"
import { TestClient } from "./TestClient.ts"
import { account, motion, secret, startServer, stateAt } from "./testServer.ts"

const temporaryFolder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "blink-streams-test-"))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true })),
)

it.live("mounted on somebody's server it answers below its path and leaves the rest alone", () =>
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
    const house = yield* startServer({ server, path: "/cameras" })
    const { port } = server.address() as AddressInfo
    assert.strictEqual(house.url, `http://127.0.0.1:${port}/cameras/`)
    yield* house.log.append({ account, events: [motion(1)], state: stateAt(1) })
    yield* Effect.promise(async () => {
      assert.strictEqual(await (await fetch(`http://127.0.0.1:${port}/other`)).text(), "mine")
      assert.strictEqual((await fetch(`${house.url}healthz`)).status, 200)
      const peer = await new TestClient(house.socketUrl).authenticate(secret)
      peer.send({ type: "subscribe", id: "s", topics: ["*"] })
      const { state } = await peer.next("snapshot")
      assert.match(state.accounts[0]?.cameras[0]?.thumbnail?.url ?? "", /^\/cameras\/v1\/media\//)
    })
  }).pipe(Effect.scoped),
)

it.live("on a Unix socket, also where a killed process has left one; not where another one answers", () =>
  Effect.gen(function* () {
    const socketPath = join(yield* temporaryFolder, "home.sock")
    const script = `require("node:net").createServer().listen(${JSON.stringify(socketPath)}, () => process.kill(process.pid, "SIGKILL"))`
    yield* Effect.promise(() => once(spawn(process.execPath, ["-e", script]), "exit"))
    assert.isTrue(statSync(socketPath).isSocket())
    const house = yield* startServer({ socketPath })
    assert.strictEqual(house.socketUrl, `ws+unix:${socketPath}:/`)
    yield* house.log.append({ account, events: [motion(1)], state: stateAt(1) })
    const peer = new TestClient(house.socketUrl, "blink-streams.v1", { headers: { host: "localhost" } })
    yield* Effect.promise(() => peer.authenticate(secret))
    peer.send({ type: "subscribe", id: "s", topics: ["*"] })
    yield* Effect.promise(() => peer.next("snapshot"))
    const taken = yield* Effect.flip(startServer({ socketPath }))
    assert.strictEqual(taken.message, `can't listen on ${socketPath}: it is taken by another program`)
  }).pipe(Effect.scoped),
)

it.live("over TLS, and a slow handshake is not waited for", () =>
  Effect.gen(function* () {
    const { private: key, cert } = yield* Effect.promise(() =>
      generate([{ name: "commonName", value: "localhost" }]),
    )
    const tls = { key, cert }
    const house = yield* startServer({ tls, limits: { authDeadlineMs: 500 } })
    assert.match(house.socketUrl, /^wss:/)
    const idle = connect({ port: house.port, host: "127.0.0.1" })
    const peer = new TestClient(house.socketUrl, "blink-streams.v1", { rejectUnauthorized: false })
    yield* Effect.promise(() => peer.authenticate(secret))
    yield* Effect.promise(() => once(idle, "close"))
  }).pipe(Effect.scoped),
)

it.live("the page, the contract and health are served; what is not there is a plain 404", () =>
  Effect.gen(function* () {
    const staticDir = yield* temporaryFolder
    writeFileSync(join(staticDir, "index.html"), "<!doctype html><title>page</title>")
    const house = yield* startServer({ staticDir })
    yield* Effect.promise(async () => {
      const page = await fetch(house.url)
      assert.include(await page.text(), "<title>page</title>")
      assert.include(page.headers.get("content-security-policy"), "default-src 'self'")
      const contract = (await (await fetch(`${house.url}schema/v1/asyncapi.json`)).json()) as {
        asyncapi: string
      }
      assert.strictEqual(contract.asyncapi, "3.0.0")
      assert.include(await (await fetch(`${house.url}v1/docs`)).text(), "POST /v1/commands")
      assert.strictEqual((await fetch(`${house.url}readyz`)).status, 503)
      assert.strictEqual((await fetch(`${house.url}v1/nothing`)).status, 404)
      assert.strictEqual((await fetch(`${house.url}../../etc/passwd`)).status, 404)
    })
  }).pipe(Effect.scoped),
)

it.live("tokens outlive the process as hashes, in a file that only their owner can read", () =>
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
