import { conformance } from "@blink-streams/protocol/conformance"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { WebSocket, WebSocketServer } from "ws"
import { account, motions, secret, startServer, stateAt } from "./testServer.ts"

const limits = { heartbeatMs: 1_000, authDeadlineMs: 1_000 }

const startConformingServer = Effect.fnUntraced(function* () {
  const testServer = yield* startServer({ limits })
  yield* testServer.log.append({ account, events: motions(1, 5), state: stateAt(1) })
  return testServer
})

it.live("The server passes every rule of the conformance suite", () =>
  Effect.gen(function* () {
    const { socketUrl } = yield* startConformingServer()
    const results = yield* conformance({ url: socketUrl, token: secret })
    assert.isAtLeast(results.length, 23)
    assert.deepStrictEqual(
      results.filter(({ deviation }) => deviation !== null),
      [],
    )
  }).pipe(Effect.scoped),
)

type Message = Record<string, unknown> & { readonly type: string }

interface Fault {
  /** Replacement for a server message; `null` drops it. */
  readonly message?: (message: Message) => unknown
  readonly close?: (code: number, reason: string) => readonly [number, string]
}

/** A proxy in front of the server that changes messages or close codes. HTTP responses are unchanged. */
const startFaultyServer = Effect.fnUntraced(function* (url: string, { message, close }: Fault) {
  const httpServer = createServer((request, response) => {
    const headers = { authorization: request.headers.authorization ?? "" }
    void fetch(new URL(request.url ?? "/", url.replace("ws", "http")), { headers }).then(async (reply) => {
      response.writeHead(reply.status, { "content-type": "application/json" })
      response.end(await reply.text())
    })
  })
  yield* Effect.acquireRelease(
    Effect.callback<void>((resume) => {
      httpServer.listen(0, "127.0.0.1", () => resume(Effect.void))
    }),
    () => Effect.sync(() => httpServer.close()),
  )
  const server = new WebSocketServer({ server: httpServer })
  server.on("connection", (near) => {
    const far = new WebSocket(url, "blink-streams.v1")
    const early: Array<() => void> = []
    near.on("message", (data: Buffer, isBinary) => {
      const pass = () => far.send(data, { binary: isBinary })
      if (far.readyState === far.OPEN) pass()
      else early.push(pass)
    })
    far.on("open", () => early.forEach((pass) => pass()))
    far.on("message", (data: Buffer) => {
      const forwarded = message === undefined ? data.toString() : message(JSON.parse(data.toString()))
      if (forwarded !== null) near.send(typeof forwarded === "string" ? forwarded : JSON.stringify(forwarded))
    })
    far.on("close", (code, reason) => near.close(...(close ?? ((...as) => as))(code, String(reason))))
    near.on("close", () => far.terminate())
    far.on("error", () => {})
  })
  return `ws://127.0.0.1:${(httpServer.address() as AddressInfo).port}/`
})

const changeMessages =
  (type: string, change: (message: Message) => unknown) =>
  (message: Message): unknown =>
    message.type === type ? change(message) : message

/** Faults, with a pattern of the rule that must detect each. */
const faults: ReadonlyArray<readonly [fault: string, rule: RegExp, fault: Fault]> = [
  ["no heartbeat", /heartbeat/, { message: changeMessages("heartbeat", () => null) }],
  ["a stale heartbeat", /heartbeat/, { message: changeMessages("heartbeat", (m) => ({ ...m, seq: 0 })) }],
  ["a frame that is not JSON", /`ready`/, { message: changeMessages("ready", () => "ready!") }],
  [
    "another id in the reply",
    /one snapshot/,
    { message: changeMessages("snapshot", (m) => ({ ...m, id: "x" })) },
  ],
  [
    "another resume",
    /up to date/,
    { message: changeMessages("snapshot", (m) => ({ ...m, resume: "live" })) },
  ],
  ["no gap", /of another log/, { message: changeMessages("gap", () => null) }],
  [
    "a gap that ends elsewhere",
    /of another log/,
    { message: changeMessages("gap", (m) => ({ ...m, to: m["from"] })) },
  ],
  [
    "another resume after an invalid `since`",
    /not a cursor/,
    {
      message: changeMessages("snapshot", (m) =>
        m["resume"] === "cannot_replay" ? { ...m, resume: "live" } : m,
      ),
    },
  ],
  [
    "events that are not marked",
    /replayed/,
    {
      message: changeMessages("event", (m) => ({
        ...m,
        event: { ...(m["event"] as object), replayed: false },
      })),
    },
  ],
  ["one event less", /replayed/, { message: changeMessages("event", (m) => (m["seq"] === 3 ? null : m)) }],
  [
    "another category",
    /not_found/,
    {
      message: changeMessages("error", (m) => ({
        ...m,
        error: { ...(m["error"] as object), category: "internal" },
      })),
    },
  ],
  ["a close without a reason", /binary/, { close: (code) => [code, ""] }],
  ["another close code", /wrong token/, { close: (_, reason) => [4000, reason] }],
]

it.live.each(faults)(
  "The conformance suite detects a server with: %s",
  ([, rule, fault]) =>
    Effect.gen(function* () {
      const { socketUrl } = yield* startConformingServer()
      const results = yield* conformance({
        url: yield* startFaultyServer(socketUrl, fault),
        token: secret,
        timeoutMs: 1_000,
      })
      const broken = results.filter(({ deviation }) => deviation !== null)
      assert.isTrue(broken.some((result) => rule.test(result.rule)))
    }).pipe(Effect.scoped),
  60_000,
)

it.live("The conformance suite reports the missing field of an invalid message", () =>
  Effect.gen(function* () {
    const { socketUrl } = yield* startConformingServer()
    const message = changeMessages("ready", (m) => ({ ...m, capabilities: undefined }))
    const url = yield* startFaultyServer(socketUrl, { message })
    const results = yield* conformance({ url, token: secret, timeoutMs: 1_000 })
    const { deviation } = results.find(({ rule }) => rule.includes("`ready`"))!
    assert.include(deviation, 'Missing key at ["capabilities"]')
  }).pipe(Effect.scoped),
)

it.live("The faulty server without a fault passes every rule of the conformance suite", () =>
  Effect.gen(function* () {
    const { socketUrl } = yield* startConformingServer()
    const results = yield* conformance({ url: yield* startFaultyServer(socketUrl, {}), token: secret })
    assert.deepStrictEqual(
      results.filter(({ deviation }) => deviation !== null),
      [],
    )
  }).pipe(Effect.scoped),
)
