import { type Change, CommandError } from "../src/index.ts"
import type { ServerMessage } from "@blink-streams/protocol"
import { assert, it } from "@effect/vitest"
import { getEventListeners } from "node:events"
import { openClient } from "../src/internal/openClient.ts"
import type { Platform, Socket } from "../src/internal/platform.ts"

/** Time that a test moves, and sockets whose other end it holds: what the one seam of this package is for. */
class FakePlatform implements Platform {
  time = 0
  readonly sockets: Array<FakeSocket> = []
  readonly #timers: Array<{ readonly at: number; readonly run: () => void; cancelled: boolean }> = []
  readonly WebSocket: Platform["WebSocket"]

  constructor() {
    const { sockets } = this
    this.WebSocket = class extends FakeSocket {
      constructor(url: string) {
        super(url)
        sockets.push(this)
      }
    }
  }

  now() {
    return this.time
  }

  random() {
    return 0.5
  }

  setTimer(ms: number, run: () => void) {
    const timer = { at: this.time + ms, run, cancelled: false }
    this.#timers.push(timer)
    return () => {
      timer.cancelled = true
    }
  }

  advance(ms: number) {
    const end = this.time + ms
    for (;;) {
      const next = this.#timers
        .filter((due) => !due.cancelled && due.at <= end)
        .sort((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      next.cancelled = true
      this.time = next.at
      next.run()
    }
    this.time = end
  }

  get socket(): FakeSocket {
    return this.sockets.at(-1)!
  }
}

class FakeSocket implements Socket {
  readonly url: string
  readonly sent: Array<{ readonly type: string } & Record<string, unknown>> = []
  readonly #listeners = new Map<string, (event: { data?: unknown; code?: number; reason?: string }) => void>()
  closedWith: number | null = null

  constructor(url: string) {
    this.url = url
  }

  addEventListener(
    type: string,
    listener: (event: { data?: unknown; code?: number; reason?: string }) => void,
  ) {
    this.#listeners.set(type, listener)
  }

  send(text: string) {
    this.sent.push(JSON.parse(text))
  }

  close(code = 1000) {
    this.closedWith = code
  }

  receive(message: ServerMessage) {
    this.receiveText(JSON.stringify(message))
  }

  receiveText(data: string) {
    this.#listeners.get("message")?.({ data })
  }

  disconnect(code = 1006, reason = "") {
    this.#listeners.get("close")?.({ code, reason })
  }

  /** Everything up to a snapshot at `seq`. */
  async completeHandshake(seq: number, epoch = "e") {
    await this.authenticate(epoch)
    return this.sendSnapshot(seq, epoch)
  }

  /** Everything up to `ready`. */
  async authenticate(epoch = "e") {
    this.receive({
      type: "hello",
      protocol: { major: 1, minor: 0, minMinor: 0 },
      server: { name: "test", version: "0" },
      epoch: epoch as never,
      auth: ["token"],
      capabilities: [],
      schema: "",
      limits: { maxMessageBytes: 1, maxSubscriptions: 1, maxInFlight: 1, heartbeatMs: 1_000 },
    })
    this.receive({ type: "ready", id: "auth", scopes: ["read"], accounts: [], capabilities: [] })
  }

  /** The snapshot that answers the subscription. */
  sendSnapshot(seq: number, epoch = "e") {
    const { since } = this.sent.find(({ type }) => type === "subscribe") as {
      since?: { epoch: string; seq: number }
    }
    const replayed = since === undefined ? 0 : seq - since.seq
    this.receive({
      type: "snapshot",
      id: "s",
      epoch: epoch as never,
      seq: seq as never,
      asOf: null,
      ready: true,
      state: { accounts: [] },
      prompts: [],
      resume: since === undefined ? "live" : replayed === 0 ? "up_to_date" : "replayed",
      replayed,
    })
    return since
  }

  sendEvent(seq: number, id = `drift:${seq}`) {
    this.receive({
      type: "event",
      sub: ["s"],
      epoch: "e" as never,
      seq: seq as never,
      event: {
        kind: "drift",
        id: id as never,
        occurredAt: "2026-03-14T06:00:00.000Z" as never,
        observedAt: "2026-03-14T06:00:00.000Z" as never,
        source: "log",
        subject: { account: 1 as never },
        data: { path: "", reason: "", count: 1 },
      },
    })
  }
}

/** What waits on promises has gone on. */
const flushPromises = () => new Promise((resolve) => setImmediate(resolve))

const start = () => {
  const platform = new FakePlatform()
  const client = openClient({ url: "http://127.0.0.1:25465/", token: "t" }, platform)
  const seqs: Array<number> = []
  const changes: Array<Change> = []
  client.subscribe((change) => {
    changes.push(change)
    if (change.type === "event") seqs.push(change.seq)
  })
  return { world: platform, client, seen: seqs, changes }
}

it("the token goes into the first message, never into the address", async () => {
  const { world } = start()
  await world.socket.completeHandshake(1)
  assert.strictEqual(world.socket.url, "ws://127.0.0.1:25465/")
  assert.deepStrictEqual(world.socket.sent[0], { type: "auth", id: "auth", token: "t" })
})

it("after a loss it is stale, waits longer each time, and goes on after the last event", async () => {
  const { world, client, seen } = start()
  await world.socket.completeHandshake(4)
  world.socket.sendEvent(5)
  world.socket.disconnect()
  assert.strictEqual(client.connection.status, "stale")
  const delays = []
  for (let attempt = 0; attempt < 3; attempt++) {
    const before = world.time
    while (world.sockets.length === attempt + 1) world.advance(1)
    delays.push(world.time - before)
    if (attempt < 2) world.socket.disconnect()
  }
  assert.deepStrictEqual(delays, [375, 750, 1_500])
  assert.deepStrictEqual(await world.socket.completeHandshake(7), { epoch: "e", seq: 5 })
  assert.strictEqual(client.connection.status, "live")
  assert.strictEqual(client.cursor?.seq, 5)
  world.socket.sendEvent(6)
  world.socket.sendEvent(7)
  world.socket.sendEvent(7)
  assert.deepStrictEqual(seen, [5, 6, 7])
})

it("a heartbeat that comes before the subscription is answered does not move the cursor", async () => {
  const { world, client, seen } = start()
  await world.socket.completeHandshake(4)
  world.socket.disconnect()
  world.advance(1_000)
  const heartbeat = (seq: number) =>
    world.socket.receive({
      type: "heartbeat",
      epoch: "e" as never,
      seq: seq as never,
      serverTime: "2026-03-14T06:00:00.000Z" as never,
      sources: {},
    })
  await world.socket.authenticate()
  heartbeat(6)
  world.socket.sendSnapshot(6)
  world.socket.sendEvent(5)
  world.socket.sendEvent(6)
  assert.deepStrictEqual(seen, [5, 6])
  heartbeat(9)
  assert.strictEqual(client.cursor?.seq, 9)
})

it("a subscription that is refused, and a server that speaks something else, do not pass for slowness", async () => {
  const refused = start()
  await refused.world.socket.authenticate()
  const error = {
    code: "unsupported",
    category: "client",
    retryable: false,
    message: "no such topic",
    correlationId: "c",
  } as const
  refused.world.socket.receive({ type: "error", id: "s", error })
  assert.deepInclude(refused.client.connection, { status: "closed", reason: "no such topic" })
  const foreign = start()
  foreign.world.socket.receiveText("<html>")
  assert.include(foreign.client.connection.reason, "does not speak")
  foreign.world.advance(1_000)
  assert.lengthOf(foreign.world.sockets, 2)
})

it("a command that is cancelled while the connection is away is cancelled once it is back", async () => {
  const { world, client } = start()
  await world.socket.completeHandshake(1)
  const abort = new AbortController()
  const outcome = client.command({ name: "arm" }, { signal: abort.signal })
  world.socket.disconnect()
  abort.abort()
  world.advance(1_000)
  await world.socket.completeHandshake(1)
  const [commandMessage, cancelMessage] = world.socket.sent.slice(-2)
  assert.deepInclude(commandMessage, { type: "command", name: "arm" })
  assert.deepInclude(cancelMessage, { type: "cancel", command: commandMessage?.["id"] })
  world.socket.receive({ type: "result", id: String(commandMessage?.["id"]), ok: true, value: null })
  assert.isNull(await outcome)
})

it("a command that is cancelled before there was a connection is never sent", async () => {
  const { world, client } = start()
  const abort = new AbortController()
  const outcome = client.command({ name: "arm" }, { signal: abort.signal }).catch((error: unknown) => error)
  abort.abort()
  assert.deepInclude(await outcome, { code: "cancelled" })
  await world.socket.completeHandshake(1)
  assert.isFalse(world.socket.sent.some(({ type }) => type === "command" || type === "cancel"))
})

it("a function that takes its time for the token is waited for before the server is asked", async () => {
  const platform = new FakePlatform()
  const resolvers: Array<(token: string) => void> = []
  const token = () => new Promise<string>((resolve) => resolvers.push(resolve))
  const client = openClient({ url: "http://127.0.0.1:25465/", token }, platform)
  await flushPromises()
  platform.advance(60_000)
  assert.lengthOf(platform.sockets, 0)
  resolvers[0]?.("late")
  await flushPromises()
  await platform.socket.completeHandshake(1)
  assert.deepInclude(platform.socket.sent[0], { type: "auth", token: "late" })
  assert.strictEqual(client.connection.status, "live")
})

it("a client that is closed while it waits for its token never connects", async () => {
  const platform = new FakePlatform()
  const resolvers: Array<(token: string) => void> = []
  const token = () => new Promise<string>((resolve) => resolvers.push(resolve))
  const client = openClient({ url: "http://127.0.0.1:25465/", token }, platform)
  await flushPromises()
  client.close()
  resolvers[0]?.("late")
  await flushPromises()
  assert.lengthOf(platform.sockets, 0)
})

it("a token that has ended is replaced by the next one of the function that gives them", async () => {
  const platform = new FakePlatform()
  let tokenRequests = 0
  const client = openClient(
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
  assert.strictEqual(client.connection.status, "closed")
})

it("an event that another place of the log tells again is told once", async () => {
  const { world, seen } = start()
  await world.socket.completeHandshake(0)
  world.socket.sendEvent(1, "motion:1")
  world.socket.sendEvent(2, "motion:1")
  assert.deepStrictEqual(seen, [1])
})

it("silence of two and a half heartbeats is a loss", async () => {
  const { world, client } = start()
  await world.socket.completeHandshake(1)
  world.advance(2_400)
  world.socket.sendEvent(2)
  world.advance(2_400)
  assert.strictEqual(client.connection.status, "live")
  world.advance(200)
  assert.strictEqual(client.connection.status, "stale")
  assert.strictEqual(world.sockets[0]?.closedWith, 4408)
})

it("a server that stops is waited for as long as it says", async () => {
  const { world } = start()
  await world.socket.completeHandshake(1)
  world.socket.receive({ type: "shutdown", reconnectAfterMs: 8_000 })
  world.socket.disconnect(1001)
  world.advance(7_999)
  assert.strictEqual(world.sockets.length, 1)
  world.advance(1)
  assert.strictEqual(world.sockets.length, 2)
})

it("a close that would only be repeated is final", async () => {
  const { world, client } = start()
  await world.socket.completeHandshake(1)
  world.socket.disconnect(4403, "the token was revoked")
  world.advance(600_000)
  assert.strictEqual(world.sockets.length, 1)
  assert.deepInclude(client.connection, { status: "closed", code: 4403, reason: "the token was revoked" })
})

it("a command whose answer got lost is sent again with its key, and resolves once", async () => {
  const { world, client } = start()
  await world.socket.completeHandshake(1)
  const outcome = client.command({ name: "arm" })
  const first = world.socket.sent.at(-1)
  assert.isString(first?.["idempotencyKey"])
  world.socket.disconnect()
  world.advance(1_000)
  await world.socket.completeHandshake(1)
  const second = world.socket.sent.at(-1)
  assert.deepStrictEqual(second, first)
  world.socket.receive({ type: "result", id: String(second?.["id"]), ok: true, value: { armed: true } })
  assert.deepStrictEqual(await outcome, { armed: true })
})

it("closing rejects what is under way and ends what is read", async () => {
  const { world, client } = start()
  await world.socket.completeHandshake(1)
  const outcome = client.command({ name: "arm" }).catch((error: unknown) => error)
  const next = client.events()[Symbol.asyncIterator]().next()
  client.close()
  const error = await outcome
  assert.instanceOf(error, CommandError)
  assert.strictEqual(error.code, "connection_closed")
  assert.isTrue((await next).done)
  assert.strictEqual(world.socket.closedWith, 1000)
})

it("a client that is closed is held by nobody's signal", () => {
  const { signal } = new AbortController()
  const client = openClient({ url: "ws://127.0.0.1:25465/", token: "t", signal }, new FakePlatform())
  assert.lengthOf(getEventListeners(signal, "abort"), 1)
  client.close()
  assert.lengthOf(getEventListeners(signal, "abort"), 0)
})

it("a reader of a client that is closed already has nothing to wait for", async () => {
  const { client } = start()
  client.close()
  assert.isTrue((await client.events()[Symbol.asyncIterator]().next()).done)
})

it("events go to those who asked for the next one in that order, and their end to all", async () => {
  const { world, client } = start()
  await world.socket.completeHandshake(0)
  const iterator = client.events()[Symbol.asyncIterator]()
  const reads = [iterator.next(), iterator.next(), iterator.next()]
  world.socket.sendEvent(1)
  world.socket.sendEvent(2)
  client.close()
  const results = await Promise.all(reads)
  assert.deepStrictEqual(
    results.map(({ done, value }) => (done ? null : Number(value.seq))),
    [1, 2, null],
  )
})

it("a reader that is more than 1,000 events behind gets those and then an error", async () => {
  const { world, client } = start()
  await world.socket.completeHandshake(0)
  const iterator = client.events()[Symbol.asyncIterator]()
  for (let seq = 1; seq <= 1_001; seq++) world.socket.sendEvent(seq)
  for (let seq = 1; seq <= 1_000; seq++) assert.strictEqual((await iterator.next()).value?.seq, seq)
  const failed = await iterator.next().catch((error: unknown) => error)
  assert.instanceOf(failed, RangeError)
})

it("a listener that throws takes nothing from the others, and its fault is reported", async () => {
  const { world, client, seen } = start()
  await world.socket.completeHandshake(0)
  const reported: Array<() => void> = []
  const { queueMicrotask } = globalThis
  globalThis.queueMicrotask = (run) => void reported.push(run)
  client.subscribe(() => {
    throw new Error("mine")
  })
  world.socket.sendEvent(1)
  globalThis.queueMicrotask = queueMicrotask
  assert.deepStrictEqual(seen, [1])
  assert.throws(reported[0]!, "mine")
})
