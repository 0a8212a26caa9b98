import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { connect } from "node:net"
import { TestClient } from "./TestClient.ts"
import { account, motion, secret, startServer, stateAt } from "./testServer.ts"

/** Sends raw text. Returns what was received until the other side closed. */
const sendRaw = (port: number, text: string) =>
  Effect.callback<string>((resume) => {
    let response = ""
    const socket = connect({ port, host: "127.0.0.1" })
    socket.on("data", (chunk) => {
      response += chunk.toString("latin1")
    })
    socket.on("error", () => {})
    socket.on("close", () => resume(Effect.succeed(response)))
    socket.write(text)
  })

const plain = (target: string, port: number) =>
  `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`

const upgrade = (target: string, port: number, more = "", host = `127.0.0.1:${port}`) =>
  [
    `GET ${target} HTTP/1.1`,
    `Host: ${host}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    `${more}\r\n`,
  ].join("\r\n")

it.live("An invalid request target is rejected, and the server stays up", () =>
  Effect.gen(function* () {
    const { port, url } = yield* startServer()
    for (const target of ["//", "///", "//[", "/\\", "*", "http://[", "/%E0%A4%A", "/v1/media/%E0/%"]) {
      assert.match(yield* sendRaw(port, plain(target, port)), /^HTTP\/1\.1 (200|4\d\d)/, target)
      const foreign = upgrade(target, port, "", "evil.example")
      assert.match(yield* sendRaw(port, foreign), /^HTTP\/1\.1 4\d\d/, target)
    }
    assert.strictEqual((yield* Effect.promise(() => fetch(`${url}healthz`))).status, 200)
  }).pipe(Effect.scoped),
)

it.live("A connection that breaks while it is rejected does not affect the server", () =>
  Effect.gen(function* () {
    const { port, url } = yield* startServer()
    const breakOff = Effect.callback<void>((resume) => {
      const socket = connect({ port, host: "127.0.0.1" }, () => {
        socket.write(upgrade("/", port, "Origin: https://evil.example\r\n"))
        setImmediate(() => socket.resetAndDestroy())
      })
      socket.on("error", () => {})
      socket.on("close", () => resume(Effect.void))
    })
    yield* Effect.repeat(breakOff, { times: 300 })
    assert.strictEqual((yield* Effect.promise(() => fetch(`${url}healthz`))).status, 200)
  }).pipe(Effect.scoped),
)

it.live("A request body above the message limit is rejected", () =>
  Effect.gen(function* () {
    const { url } = yield* startServer({ limits: { maxMessageBytes: 10_000 } })
    const [status, text] = yield* Effect.promise(async () => {
      const body = JSON.stringify({ code: "x".repeat(20_000) })
      const response = await fetch(`${url}v1/session`, { method: "POST", body })
      return [response.status, await response.text()] as const
    })
    assert.strictEqual(status, 400)
    assert.include(text, "malformed")
  }).pipe(Effect.scoped),
)

it.live("A compressed frame closes its connection with 1002 and leaves other peers connected", () =>
  Effect.gen(function* () {
    const testServer = yield* startServer()
    yield* testServer.log.append({ account, events: [motion(1)], state: stateAt(1) })
    const peer = yield* Effect.promise(() => new TestClient(testServer.socketUrl).authenticate(secret))
    const code = yield* Effect.callback<number>((resume) => {
      const socket = connect({ port: testServer.port, host: "127.0.0.1" })
      let received = Buffer.alloc(0)
      socket.on("data", (chunk) => {
        received = Buffer.concat([received, chunk])
      })
      socket.on("close", () => resume(Effect.succeed(received.readUInt16BE(received.lastIndexOf(0x88) + 2))))
      socket.write(upgrade("/", testServer.port))
      // A text frame with RSV1, which stands for compression: ten masked bytes.
      socket.write(Buffer.concat([Buffer.from([0xc1, 0x8a]), Buffer.alloc(14)]))
    })
    assert.strictEqual(code, 1002)
    peer.send({ type: "subscribe", id: "s", topics: ["*"] })
    yield* Effect.promise(() => peer.next("snapshot"))
  }).pipe(Effect.scoped),
)

it.live("A connection whose request is not complete within the time limit is closed", () =>
  Effect.gen(function* () {
    const { port } = yield* startServer({ limits: { authDeadlineMs: 300 } })
    const half = upgrade("/", port).slice(0, 60)
    assert.match(yield* sendRaw(port, half), /^HTTP\/1\.1 408/)
    // A connection that sends nothing at all.
    yield* sendRaw(port, "")
  }).pipe(Effect.scoped),
)
