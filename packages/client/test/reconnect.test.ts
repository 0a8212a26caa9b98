import { type Change, RequestError } from "../src/index.ts"
import { Cursor } from "@blink-streams/model"
import { closeCodes } from "@blink-streams/protocol"
import { assert, it } from "@effect/vitest"
import { getEventListeners } from "node:events"
import { WebSocketClient } from "../src/internal/WebSocketClient.ts"
import { FakePlatform } from "./FakePlatform.ts"

/** Waits until pending promise callbacks have run. */
const flushPromises = () => new Promise((resolve) => setImmediate(resolve))

const start = () => {
  const platform = new FakePlatform()
  const client = new WebSocketClient({ url: "http://127.0.0.1:25465/", token: "t" }, platform)
  const seqs: Array<number> = []
  const changes: Array<Change> = []
  client.subscribe((change) => {
    changes.push(change)
    if (change.type === "event") seqs.push(Number(change.event.cursor.split(":")[1]))
  })
  return { platform, client, seen: seqs, changes }
}

it("Client sends the token in the first message and not in the URL", async () => {
  const { platform } = start()
  await platform.socket.completeHandshake(1)
  assert.strictEqual(platform.socket.url, "ws://127.0.0.1:25465/")
  assert.deepStrictEqual(platform.socket.sent[0], { type: "auth", id: "auth", token: "t" })
})

it("Client is stale after a lost connection, backs off exponentially and resumes after the last event", async () => {
  const { platform, client, seen } = start()
  await platform.socket.completeHandshake(4)
  platform.socket.sendEvent(5)
  platform.socket.disconnect()
  assert.strictEqual(client.connection.status, "stale")
  const delays = []
  for (let attempt = 0; attempt < 3; attempt++) {
    const before = platform.time
    while (platform.sockets.length === attempt + 1) platform.advance(1)
    delays.push(platform.time - before)
    if (attempt < 2) platform.socket.disconnect()
  }
  assert.deepStrictEqual(delays, [375, 750, 1_500])
  assert.strictEqual(await platform.socket.completeHandshake(7), "e:5")
  assert.strictEqual(client.connection.status, "live")
  assert.strictEqual(client.cursor, "e:5")
  platform.socket.sendEvent(6)
  platform.socket.sendEvent(7)
  platform.socket.sendEvent(7)
  assert.deepStrictEqual(seen, [5, 6, 7])
})

it("A heartbeat before the snapshot of a connection does not move the cursor", async () => {
  const { platform, client, seen } = start()
  await platform.socket.completeHandshake(4)
  platform.socket.disconnect()
  platform.advance(1_000)
  await platform.socket.authenticate()
  platform.socket.sendHeartbeat(6)
  platform.socket.sendSnapshot(6)
  platform.socket.sendEvent(5)
  platform.socket.sendEvent(6)
  assert.deepStrictEqual(seen, [5, 6])
  platform.socket.sendHeartbeat(9)
  assert.strictEqual(client.cursor, "e:9")
})

it("Client drops an event up to the position of the snapshot and compares positions only within one log", async () => {
  const { platform, client, seen } = start()
  await platform.socket.completeHandshake(9, "before")
  platform.socket.disconnect()
  platform.advance(1_000)
  await platform.socket.authenticate()
  const snapshot = (cursor: string, seq: number) =>
    platform.socket.receive({
      type: "snapshot",
      id: "s",
      cursor: Cursor.make(cursor),
      epoch: "e" as never,
      seq: seq as never,
      asOf: null,
      ready: true,
      state: { accounts: [] },
      prompts: [],
      resume: "cannot_replay",
      replayed: 0,
    })
  snapshot("opaque text", 3)
  assert.strictEqual(client.cursor, "opaque text")
  platform.socket.sendEvent(3)
  platform.socket.sendEvent(4)
  assert.deepStrictEqual(seen, [4])
})

it("Client closes when its subscription is rejected and reconnects when a frame is not JSON", async () => {
  const refused = start()
  await refused.platform.socket.authenticate()
  const error = {
    code: "unsupported",
    category: "client",
    retryable: false,
    message: "no such topic",
    correlationId: "c",
  } as const
  refused.platform.socket.receive({ type: "error", id: "s", error })
  assert.deepInclude(refused.client.connection, { status: "closed", reason: "no such topic" })
  const foreign = start()
  foreign.platform.socket.receiveText("<html>")
  assert.include(foreign.client.connection.reason, "does not use")
  foreign.platform.advance(1_000)
  assert.lengthOf(foreign.platform.sockets, 2)
})

it("A command that is cancelled while disconnected is sent and cancelled after the reconnect", async () => {
  const { platform, client } = start()
  await platform.socket.completeHandshake(1)
  const abort = new AbortController()
  const outcome = client.command({ name: "arm" }, { signal: abort.signal })
  platform.socket.disconnect()
  abort.abort()
  platform.advance(1_000)
  await platform.socket.completeHandshake(1)
  const [commandMessage, cancelMessage] = platform.socket.sent.slice(-2)
  assert.deepInclude(commandMessage, { type: "command", name: "arm" })
  assert.deepInclude(cancelMessage, { type: "cancel", command: commandMessage?.["id"] })
  platform.socket.receive({ type: "result", id: String(commandMessage?.["id"]), ok: true, value: null })
  assert.isNull(await outcome)
})

it("A command that is cancelled before the first connection is never sent", async () => {
  const { platform, client } = start()
  const abort = new AbortController()
  const outcome = client.command({ name: "arm" }, { signal: abort.signal }).catch((error: unknown) => error)
  abort.abort()
  assert.deepInclude(await outcome, { code: "cancelled" })
  await platform.socket.completeHandshake(1)
  assert.isFalse(platform.socket.sent.some(({ type }) => type === "command" || type === "cancel"))
})

it("Client opens no socket before the token function resolves", async () => {
  const platform = new FakePlatform()
  const resolvers: Array<(token: string) => void> = []
  const token = () => new Promise<string>((resolve) => resolvers.push(resolve))
  const client = new WebSocketClient({ url: "http://127.0.0.1:25465/", token }, platform)
  await flushPromises()
  platform.advance(60_000)
  assert.lengthOf(platform.sockets, 0)
  resolvers[0]?.("late")
  await flushPromises()
  await platform.socket.completeHandshake(1)
  assert.deepInclude(platform.socket.sent[0], { type: "auth", token: "late" })
  assert.strictEqual(client.connection.status, "live")
})

it("Client that is closed before the token function resolves never connects", async () => {
  const platform = new FakePlatform()
  const resolvers: Array<(token: string) => void> = []
  const token = () => new Promise<string>((resolve) => resolvers.push(resolve))
  const client = new WebSocketClient({ url: "http://127.0.0.1:25465/", token }, platform)
  await flushPromises()
  client.close()
  resolvers[0]?.("late")
  await flushPromises()
  assert.lengthOf(platform.sockets, 0)
})

it("Client calls the token function again after 4403 and closes after 4401", async () => {
  const platform = new FakePlatform()
  let tokenRequests = 0
  const client = new WebSocketClient(
    { url: "http://127.0.0.1:25465/", token: async () => `token ${++tokenRequests}` },
    platform,
  )
  await flushPromises()
  await platform.socket.completeHandshake(1)
  platform.socket.disconnect(4403, "the token was revoked or has expired")
  assert.strictEqual(client.connection.status, "stale")
  platform.advance(1_000)
  await flushPromises()
  await platform.socket.completeHandshake(1)
  assert.deepInclude(platform.socket.sent[0], { type: "auth", token: "token 2" })
  platform.socket.disconnect(4401, "the token is wrong")
  assert.deepInclude(client.connection, { status: "closed", failure: "unauthorized" })
})

it("Client reports the failure of each close code, and reconnects exactly when the protocol says so", async () => {
  for (const [code, { reconnect, failure }] of Object.entries(closeCodes)) {
    if (failure === null) continue
    const { platform, client } = start()
    await platform.socket.completeHandshake(1)
    assert.isUndefined(client.connection.failure, code)
    platform.socket.disconnect(Number(code))
    assert.deepInclude(client.connection, {
      status: reconnect ? "stale" : "closed",
      failure,
      code: Number(code),
    })
  }
})

it("Client reports a server that is not there, a proxy's close code and silence as unreachable", async () => {
  for (const code of [1000, 1006, 1011]) {
    const { platform, client } = start()
    await platform.socket.completeHandshake(1)
    platform.socket.disconnect(code)
    assert.deepInclude(client.connection, { status: "stale", failure: "unreachable" }, `${code}`)
  }
  const { platform, client } = start()
  platform.advance(15_000)
  assert.deepInclude(client.connection, { status: "connecting", failure: "unreachable" })
})

it("Client reports a server of another protocol as a protocol failure and tries again", async () => {
  const { platform, client } = start()
  platform.socket.receiveText("<html>")
  assert.deepInclude(client.connection, { status: "connecting", failure: "protocol" })
  platform.advance(1_000)
  assert.lengthOf(platform.sockets, 2)
})

it("Client reports why the server rejects the subscription", async () => {
  for (const [code, failure] of [
    ["unauthenticated", "unauthorized"],
    ["forbidden", "forbidden"],
    ["unsupported", "protocol"],
  ] as const) {
    const { platform, client } = start()
    await platform.socket.authenticate()
    const error = { code, category: "client", retryable: false, message: "no", correlationId: "c" } as const
    platform.socket.receive({ type: "error", id: "s", error })
    assert.deepInclude(client.connection, { status: "closed", failure, reason: "no" })
  }
})

it("Client that the caller closes has no failure", async () => {
  const { platform, client } = start()
  await platform.socket.completeHandshake(1)
  client.close()
  assert.strictEqual(client.connection.status, "closed")
  assert.isUndefined(client.connection.failure)
})

it("Client drops an event whose id was received at an earlier position", async () => {
  const { platform, seen } = start()
  await platform.socket.completeHandshake(0)
  platform.socket.sendEvent(1, "motion:1")
  platform.socket.sendEvent(2, "motion:1")
  assert.deepStrictEqual(seen, [1])
})

it("Client treats silence of 2.5 heartbeat intervals as a lost connection", async () => {
  const { platform, client } = start()
  await platform.socket.completeHandshake(1)
  platform.advance(2_400)
  platform.socket.sendEvent(2)
  platform.advance(2_400)
  assert.strictEqual(client.connection.status, "live")
  platform.advance(200)
  assert.strictEqual(client.connection.status, "stale")
  assert.strictEqual(platform.sockets[0]?.closedWith, 4408)
})

it("Client stays connected while a message arrives in every heartbeat interval", async () => {
  const { platform, client } = start()
  await platform.socket.completeHandshake(1)
  for (let seq = 2; seq < 62; seq++) {
    platform.advance(1_000)
    platform.socket.sendEvent(seq)
  }
  assert.strictEqual(client.connection.status, "live")
  assert.lengthOf(platform.sockets, 1)
})

it("Client reconnects after the delay of the shutdown message", async () => {
  const { platform } = start()
  await platform.socket.completeHandshake(1)
  platform.socket.receive({ type: "shutdown", reconnectAfterMs: 8_000 })
  platform.socket.disconnect(1001)
  platform.advance(7_999)
  assert.strictEqual(platform.sockets.length, 1)
  platform.advance(1)
  assert.strictEqual(platform.sockets.length, 2)
})

it("Client with a fixed token closes for good after 4403", async () => {
  const { platform, client } = start()
  await platform.socket.completeHandshake(1)
  platform.socket.disconnect(4403, "the token was revoked")
  platform.advance(600_000)
  assert.strictEqual(platform.sockets.length, 1)
  assert.deepInclude(client.connection, {
    status: "closed",
    failure: "forbidden",
    code: 4403,
    reason: "the token was revoked",
  })
})

it("A command without a result is sent again after a reconnect with the same idempotency key", async () => {
  const { platform, client } = start()
  await platform.socket.completeHandshake(1)
  const outcome = client.command({ name: "arm" })
  const first = platform.socket.sent.at(-1)
  assert.isString(first?.["idempotencyKey"])
  platform.socket.disconnect()
  platform.advance(1_000)
  await platform.socket.completeHandshake(1)
  const second = platform.socket.sent.at(-1)
  assert.deepStrictEqual(second, first)
  platform.socket.receive({ type: "result", id: String(second?.["id"]), ok: true, value: { armed: true } })
  assert.deepStrictEqual(await outcome, { armed: true })
})

it("close rejects pending commands and ends event iterators", async () => {
  const { platform, client } = start()
  await platform.socket.completeHandshake(1)
  const outcome = client.command({ name: "arm" }).catch((error: unknown) => error)
  const next = client.events()[Symbol.asyncIterator]().next()
  client.close()
  const error = await outcome
  assert.instanceOf(error, RequestError)
  assert.strictEqual(error.code, "connection_closed")
  assert.isTrue((await next).done)
  assert.strictEqual(platform.socket.closedWith, 1000)
})

it("close removes the abort listener from the signal", () => {
  const { signal } = new AbortController()
  const client = new WebSocketClient({ url: "ws://127.0.0.1:25465/", token: "t", signal }, new FakePlatform())
  assert.lengthOf(getEventListeners(signal, "abort"), 1)
  client.close()
  assert.lengthOf(getEventListeners(signal, "abort"), 0)
})

it("events ends immediately when the client is closed", async () => {
  const { client } = start()
  client.close()
  assert.isTrue((await client.events()[Symbol.asyncIterator]().next()).done)
})

it("Concurrent next calls receive events in call order, and all end when the client closes", async () => {
  const { platform, client } = start()
  await platform.socket.completeHandshake(0)
  const iterator = client.events()[Symbol.asyncIterator]()
  platform.socket.sendSubscribed(0)
  const reads = [iterator.next(), iterator.next(), iterator.next()]
  platform.socket.sendEvent(1)
  platform.socket.sendEvent(2)
  client.close()
  const results = await Promise.all(reads)
  assert.deepStrictEqual(
    results.map(({ done, value }) => (done ? null : value.cursor)),
    ["e:1", "e:2", null],
  )
})

it("An error in a listener is reported as uncaught and does not affect other listeners", async () => {
  const { platform, client, seen } = start()
  await platform.socket.completeHandshake(0)
  const reported: Array<() => void> = []
  const { queueMicrotask } = globalThis
  globalThis.queueMicrotask = (run) => void reported.push(run)
  client.subscribe(() => {
    throw new Error("mine")
  })
  platform.socket.sendEvent(1)
  globalThis.queueMicrotask = queueMicrotask
  assert.deepStrictEqual(seen, [1])
  assert.throws(reported[0]!, "mine")
  assert.strictEqual(client.cursor, "e:0", "the event was not handled")
})
