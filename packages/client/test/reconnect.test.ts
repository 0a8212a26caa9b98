import { type Change, CommandError } from "@blink-streams/client"
import type { ServerMessage } from "@blink-streams/protocol"
import { assert, it } from "@effect/vitest"
import { getEventListeners } from "node:events"
import { openClient } from "../src/internal/openClient.ts"
import type { Platform, Socket } from "../src/internal/platform.ts"

/** Time that a test moves, and sockets whose other end it holds: what the one seam of this package is for. */
class World implements Platform {
  time = 0
  readonly sockets: Array<Line> = []
  readonly #due: Array<{ readonly at: number; readonly run: () => void; cancelled: boolean }> = []
  readonly WebSocket: Platform["WebSocket"]

  constructor() {
    const { sockets } = this
    this.WebSocket = class extends Line {
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

  after(ms: number, run: () => void) {
    const due = { at: this.time + ms, run, cancelled: false }
    this.#due.push(due)
    return () => {
      due.cancelled = true
    }
  }

  pass(ms: number) {
    const end = this.time + ms
    for (;;) {
      const next = this.#due.filter((due) => !due.cancelled && due.at <= end).sort((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      next.cancelled = true
      this.time = next.at
      next.run()
    }
    this.time = end
  }

  get line(): Line {
    return this.sockets.at(-1)!
  }
}

class Line implements Socket {
  readonly url: string
  readonly said: Array<{ readonly type: string } & Record<string, unknown>> = []
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
    this.said.push(JSON.parse(text))
  }

  close(code = 1000) {
    this.closedWith = code
  }

  hear(message: ServerMessage) {
    this.hearText(JSON.stringify(message))
  }

  hearText(data: string) {
    this.#listeners.get("message")?.({ data })
  }

  lose(code = 1006, reason = "") {
    this.#listeners.get("close")?.({ code, reason })
  }

  /** Everything up to a snapshot at `seq`. */
  async welcome(seq: number, epoch = "e") {
    await this.greet(epoch)
    return this.answer(seq, epoch)
  }

  /** Everything up to `ready`. */
  async greet(epoch = "e") {
    this.hear({
      type: "hello",
      protocol: { major: 1, minor: 0, minMinor: 0 },
      server: { name: "test", version: "0" },
      epoch: epoch as never,
      auth: ["token"],
      capabilities: [],
      schema: "",
      limits: { maxMessageBytes: 1, maxSubscriptions: 1, maxInFlight: 1, heartbeatMs: 1_000 },
    })
    this.hear({ type: "ready", id: "auth", scopes: ["read"], accounts: [], capabilities: [] })
  }

  /** The snapshot that answers the subscription. */
  answer(seq: number, epoch = "e") {
    const { since } = this.said.find(({ type }) => type === "subscribe") as {
      since?: { epoch: string; seq: number }
    }
    const replayed = since === undefined ? 0 : seq - since.seq
    this.hear({
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

  event(seq: number, id = `drift:${seq}`) {
    this.hear({
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
const settled = () => new Promise((resolve) => setImmediate(resolve))

const start = () => {
  const world = new World()
  const client = openClient({ url: "http://127.0.0.1:25465/", token: "t" }, world)
  const seen: Array<number> = []
  const changes: Array<Change> = []
  client.subscribe((change) => {
    changes.push(change)
    if (change.type === "event") seen.push(change.seq)
  })
  return { world, client, seen, changes }
}

it("the token goes into the first message, never into the address", async () => {
  const { world } = start()
  await world.line.welcome(1)
  assert.strictEqual(world.line.url, "ws://127.0.0.1:25465/")
  assert.deepStrictEqual(world.line.said[0], { type: "auth", id: "auth", token: "t" })
})

it("after a loss it is stale, waits longer each time, and goes on after the last event", async () => {
  const { world, client, seen } = start()
  await world.line.welcome(4)
  world.line.event(5)
  world.line.lose()
  assert.strictEqual(client.connection.status, "stale")
  const waits = []
  for (let tries = 0; tries < 3; tries++) {
    const before = world.time
    while (world.sockets.length === tries + 1) world.pass(1)
    waits.push(world.time - before)
    if (tries < 2) world.line.lose()
  }
  assert.deepStrictEqual(waits, [375, 750, 1_500])
  assert.deepStrictEqual(await world.line.welcome(7), { epoch: "e", seq: 5 })
  assert.strictEqual(client.connection.status, "live")
  assert.strictEqual(client.cursor?.seq, 5)
  world.line.event(6)
  world.line.event(7)
  world.line.event(7)
  assert.deepStrictEqual(seen, [5, 6, 7])
})

it("a heartbeat that comes before the subscription is answered does not move the cursor", async () => {
  const { world, client, seen } = start()
  await world.line.welcome(4)
  world.line.lose()
  world.pass(1_000)
  const heartbeat = (seq: number) =>
    world.line.hear({
      type: "heartbeat",
      epoch: "e" as never,
      seq: seq as never,
      serverTime: "2026-03-14T06:00:00.000Z" as never,
      sources: {},
    })
  await world.line.greet()
  heartbeat(6)
  world.line.answer(6)
  world.line.event(5)
  world.line.event(6)
  assert.deepStrictEqual(seen, [5, 6])
  heartbeat(9)
  assert.strictEqual(client.cursor?.seq, 9)
})

it("a subscription that is refused, and a server that speaks something else, do not pass for slowness", async () => {
  const refused = start()
  await refused.world.line.greet()
  const error = {
    code: "unsupported",
    category: "client",
    retryable: false,
    message: "no such topic",
    correlationId: "c",
  } as const
  refused.world.line.hear({ type: "error", id: "s", error })
  assert.deepInclude(refused.client.connection, { status: "closed", reason: "no such topic" })
  const other = start()
  other.world.line.hearText("<html>")
  assert.include(other.client.connection.reason, "does not speak")
  other.world.pass(1_000)
  assert.lengthOf(other.world.sockets, 2)
})

it("a command that is cancelled while the connection is away is cancelled once it is back", async () => {
  const { world, client } = start()
  await world.line.welcome(1)
  const abort = new AbortController()
  const outcome = client.command({ name: "arm" }, { signal: abort.signal })
  world.line.lose()
  abort.abort()
  world.pass(1_000)
  await world.line.welcome(1)
  const [command, cancel] = world.line.said.slice(-2)
  assert.deepInclude(command, { type: "command", name: "arm" })
  assert.deepInclude(cancel, { type: "cancel", command: command?.["id"] })
  world.line.hear({ type: "result", id: String(command?.["id"]), ok: true, value: null })
  assert.isNull(await outcome)
})

it("a command that is cancelled before there was a connection is never sent", async () => {
  const { world, client } = start()
  const abort = new AbortController()
  const outcome = client.command({ name: "arm" }, { signal: abort.signal }).catch((error: unknown) => error)
  abort.abort()
  assert.deepInclude(await outcome, { code: "cancelled" })
  await world.line.welcome(1)
  assert.isFalse(world.line.said.some(({ type }) => type === "command" || type === "cancel"))
})

it("a function that takes its time for the token is waited for before the server is asked", async () => {
  const world = new World()
  const given: Array<(token: string) => void> = []
  const token = () => new Promise<string>((resolve) => given.push(resolve))
  const client = openClient({ url: "http://127.0.0.1:25465/", token }, world)
  await settled()
  world.pass(60_000)
  assert.lengthOf(world.sockets, 0)
  given[0]?.("late")
  await settled()
  await world.line.welcome(1)
  assert.deepInclude(world.line.said[0], { type: "auth", token: "late" })
  assert.strictEqual(client.connection.status, "live")
})

it("a client that is closed while it waits for its token never connects", async () => {
  const world = new World()
  const given: Array<(token: string) => void> = []
  const token = () => new Promise<string>((resolve) => given.push(resolve))
  const client = openClient({ url: "http://127.0.0.1:25465/", token }, world)
  await settled()
  client.close()
  given[0]?.("late")
  await settled()
  assert.lengthOf(world.sockets, 0)
})

it("a token that has ended is replaced by the next one of the function that gives them", async () => {
  const world = new World()
  let asked = 0
  const client = openClient({ url: "http://127.0.0.1:25465/", token: async () => `token ${++asked}` }, world)
  await settled()
  await world.line.welcome(1)
  world.line.lose(4403, "the token was revoked or has expired")
  assert.strictEqual(client.connection.status, "stale")
  world.pass(1_000)
  await settled()
  await world.line.welcome(1)
  assert.deepInclude(world.line.said[0], { type: "auth", token: "token 2" })
  world.line.lose(4401, "the token is wrong")
  assert.strictEqual(client.connection.status, "closed")
})

it("an event that another place of the log tells again is told once", async () => {
  const { world, seen } = start()
  await world.line.welcome(0)
  world.line.event(1, "motion:1")
  world.line.event(2, "motion:1")
  assert.deepStrictEqual(seen, [1])
})

it("silence of two and a half heartbeats is a loss", async () => {
  const { world, client } = start()
  await world.line.welcome(1)
  world.pass(2_400)
  world.line.event(2)
  world.pass(2_400)
  assert.strictEqual(client.connection.status, "live")
  world.pass(200)
  assert.strictEqual(client.connection.status, "stale")
  assert.strictEqual(world.sockets[0]?.closedWith, 4408)
})

it("a server that stops is waited for as long as it says", async () => {
  const { world } = start()
  await world.line.welcome(1)
  world.line.hear({ type: "shutdown", reconnectAfterMs: 8_000 })
  world.line.lose(1001)
  world.pass(7_999)
  assert.strictEqual(world.sockets.length, 1)
  world.pass(1)
  assert.strictEqual(world.sockets.length, 2)
})

it("a close that would only be repeated is final", async () => {
  const { world, client } = start()
  await world.line.welcome(1)
  world.line.lose(4403, "the token was revoked")
  world.pass(600_000)
  assert.strictEqual(world.sockets.length, 1)
  assert.deepInclude(client.connection, { status: "closed", code: 4403, reason: "the token was revoked" })
})

it("a command whose answer got lost is sent again with its key, and resolves once", async () => {
  const { world, client } = start()
  await world.line.welcome(1)
  const outcome = client.command({ name: "arm" })
  const first = world.line.said.at(-1)
  assert.isString(first?.["idempotencyKey"])
  world.line.lose()
  world.pass(1_000)
  await world.line.welcome(1)
  const second = world.line.said.at(-1)
  assert.deepStrictEqual(second, first)
  world.line.hear({ type: "result", id: String(second?.["id"]), ok: true, value: { armed: true } })
  assert.deepStrictEqual(await outcome, { armed: true })
})

it("closing rejects what is under way and ends what is read", async () => {
  const { world, client } = start()
  await world.line.welcome(1)
  const outcome = client.command({ name: "arm" }).catch((error: unknown) => error)
  const next = client.events()[Symbol.asyncIterator]().next()
  client.close()
  const error = await outcome
  assert.instanceOf(error, CommandError)
  assert.strictEqual(error.code, "connection_closed")
  assert.isTrue((await next).done)
  assert.strictEqual(world.line.closedWith, 1000)
})

it("a client that is closed is held by nobody's signal", () => {
  const { signal } = new AbortController()
  const client = openClient({ url: "ws://127.0.0.1:25465/", token: "t", signal }, new World())
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
  await world.line.welcome(0)
  const reader = client.events()[Symbol.asyncIterator]()
  const asked = [reader.next(), reader.next(), reader.next()]
  world.line.event(1)
  world.line.event(2)
  client.close()
  const answers = await Promise.all(asked)
  assert.deepStrictEqual(
    answers.map(({ done, value }) => (done ? null : Number(value.seq))),
    [1, 2, null],
  )
})

it("a reader that is more than 1,000 events behind gets those and then an error", async () => {
  const { world, client } = start()
  await world.line.welcome(0)
  const reader = client.events()[Symbol.asyncIterator]()
  for (let seq = 1; seq <= 1_001; seq++) world.line.event(seq)
  for (let seq = 1; seq <= 1_000; seq++) assert.strictEqual((await reader.next()).value?.seq, seq)
  const failed = await reader.next().catch((error: unknown) => error)
  assert.instanceOf(failed, RangeError)
})

it("a listener that throws takes nothing from the others, and its fault is reported", async () => {
  const { world, client, seen } = start()
  await world.line.welcome(0)
  const reported: Array<() => void> = []
  const { queueMicrotask } = globalThis
  globalThis.queueMicrotask = (run) => void reported.push(run)
  client.subscribe(() => {
    throw new Error("mine")
  })
  world.line.event(1)
  globalThis.queueMicrotask = queueMicrotask
  assert.deepStrictEqual(seen, [1])
  assert.throws(reported[0]!, "mine")
})
