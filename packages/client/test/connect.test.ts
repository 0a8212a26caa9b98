import { assert, it } from "@effect/vitest"
import { type Change, type Client, connect, type ReceivedEvent } from "../src/index.ts"
import { Effect, Fiber } from "effect"
import { setImmediate as nextTurn } from "node:timers/promises"
import {
  armed,
  cursorAt,
  motion,
  motions,
  secret,
  startServer,
  stateAt,
  account,
  homeNetwork,
} from "../../server/test/testServer.ts"

/** Resolves with the first result of `select` that is not undefined. */
const firstChange = <A>(client: Client, select: (change: Change) => A | undefined) =>
  Effect.callback<A>((resume) => {
    const unsubscribe = client.subscribe((change) => {
      const result = select(change)
      if (result === undefined) return
      unsubscribe()
      resume(Effect.succeed(result))
    })
    return Effect.sync(unsubscribe)
  })

const openClient = (options: Parameters<typeof connect>[0]) =>
  Effect.acquireRelease(
    Effect.sync(() => connect(options)),
    (client) => Effect.sync(() => client.close()),
  )

const waitUntilLive = (client: Client) =>
  client.connection.status === "live"
    ? Effect.void
    : firstChange(client, (change) =>
        change.type === "connection" && change.connection.status === "live" ? true : undefined,
      )

const nextEvent = (client: Client) =>
  firstChange(client, (change) => (change.type === "event" ? change : undefined))

it.live("Client holds the state and applies events to it, and its cursor follows its listeners", () =>
  Effect.gen(function* () {
    const server = yield* startServer()
    yield* server.log.append({ account, events: [motion(1)], state: stateAt(1) })
    const client = yield* openClient({ url: server.url, token: secret })
    yield* waitUntilLive(client)
    assert.strictEqual(client.state?.accounts[0]?.account, account)
    const received = yield* Effect.forkChild(nextEvent(client), { startImmediately: true })
    yield* server.log.append({ account, events: [armed(2, "armed")] })
    yield* Fiber.join(received)
    const network = client.state?.accounts[0]?.networks.find(({ id }) => id === homeNetwork)
    assert.strictEqual(network?.arm.state, "armed")
    client.subscribe(() => undefined)
    yield* server.log.append({ account, events: [motion(3)] })
    yield* Effect.promise(async () => {
      while (client.cursor !== cursorAt(server.log, 3)) await nextTurn()
    })
  }).pipe(Effect.scoped),
)

it.live("Client applies a delayed state that arrives after newer events", () =>
  Effect.gen(function* () {
    const server = yield* startServer()
    yield* server.log.append({ account, events: [motion(1)], state: stateAt(1) })
    const client = yield* openClient({ url: server.url, token: secret })
    yield* waitUntilLive(client)
    yield* server.log.append({ account, events: [motion(2)], state: stateAt(2) })
    yield* server.log.append({ account, events: [motion(3)], state: stateAt(3) })
    yield* server.log.append({ account, events: [motion(4)] })
    const expectedAsOf = stateAt(3).asOf
    yield* firstChange(client, (change) =>
      change.type === "state" && change.state.accounts[0]?.asOf === expectedAsOf ? true : undefined,
    )
  }).pipe(Effect.scoped),
)

const readFirst = (events: AsyncIterable<ReceivedEvent>, count: number) =>
  Effect.promise(async () => {
    const read: Array<ReceivedEvent> = []
    for await (const event of events) if (read.push(event) === count) break
    return read
  })

it.live("events with since returns each event after that cursor exactly once", () =>
  Effect.gen(function* () {
    const server = yield* startServer()
    yield* server.log.append({ account, events: motions(1, 50), state: stateAt(1) })
    const client = yield* openClient({ url: server.url, token: secret })
    const read = yield* readFirst(client.events({ since: cursorAt(server.log, 10) }), 40)
    assert.deepStrictEqual(
      read.map(({ cursor, replayed }) => [String(cursor), replayed]),
      Array.from({ length: 40 }, (_, index) => [cursorAt(server.log, index + 11), true]),
    )
  }).pipe(Effect.scoped),
)

it.live(
  "The cursor of an event, the client and the server's snapshot is the same text, and resumes there",
  () =>
    Effect.gen(function* () {
      const server = yield* startServer()
      yield* server.log.append({ account, events: [motion(1)], state: stateAt(1) })
      const first = yield* openClient({ url: server.url, token: secret })
      yield* waitUntilLive(first)
      const received = yield* Effect.forkChild(nextEvent(first), { startImmediately: true })
      yield* server.log.append({ account, events: [motion(2)] })
      const { cursor } = (yield* Fiber.join(received)).event
      assert.isString(cursor)
      const snapshot = yield* Effect.promise(async () => {
        const headers = { authorization: `Bearer ${secret}` }
        const response = await fetch(new URL("v1/state", server.url), { headers })
        return (await response.json()) as { readonly cursor: string }
      })
      assert.strictEqual(snapshot.cursor, cursor)
      first.close()
      yield* server.log.append({ account, events: [motion(3)] })
      const second = yield* openClient({ url: server.url, token: secret })
      const iterator = second.events({ since: cursor })[Symbol.asyncIterator]()
      const { value } = yield* Effect.promise(() => iterator.next())
      assert.deepStrictEqual([String(value?.id), value?.replayed], ["motion:3", true])
      assert.strictEqual(second.cursor, cursor)
      void iterator.next()
      assert.strictEqual(second.cursor, value?.cursor)
    }).pipe(Effect.scoped),
)

it.live("events whose since is no cursor returns a gap and then new events", () =>
  Effect.gen(function* () {
    const server = yield* startServer()
    yield* server.log.append({ account, events: motions(1, 5), state: stateAt(1) })
    const client = yield* openClient({ url: server.url, token: secret })
    const iterators = ["yesterday", "", "5"].map((since) =>
      client.events({ since, kinds: ["motion"] })[Symbol.asyncIterator](),
    )
    for (const iterator of iterators) {
      const { value } = yield* Effect.promise(() => iterator.next())
      assert.deepInclude(value, { kind: "gap", cursor: cursorAt(server.log, 5) })
      assert.deepInclude(value?.data, { source: "log", reason: "restart" })
    }
    yield* server.log.append({ account, events: [motion(6)] })
    for (const iterator of iterators) {
      const { value } = yield* Effect.promise(() => iterator.next())
      assert.strictEqual(value?.cursor, cursorAt(server.log, 6))
    }
    assert.strictEqual(client.state?.accounts[0]?.account, account)
  }).pipe(Effect.scoped),
)

it.live("Two clients that begin at cursors of their own are independent", () =>
  Effect.gen(function* () {
    const server = yield* startServer()
    yield* server.log.append({ account, events: motions(1, 10), state: stateAt(1) })
    const clients = [
      yield* openClient({ url: server.url, token: secret }),
      yield* openClient({ url: server.url, token: secret }),
    ] as const
    const iterators = [
      clients[0].events({ since: cursorAt(server.log, 2) })[Symbol.asyncIterator](),
      clients[1].events({ since: cursorAt(server.log, 7) })[Symbol.asyncIterator](),
    ] as const
    for (let read = 0; read < 3; read++)
      for (const iterator of iterators) yield* Effect.promise(() => iterator.next())
    yield* Effect.promise(() => iterators[0].next())
    assert.deepStrictEqual(
      clients.map(({ cursor }) => cursor),
      [cursorAt(server.log, 5), cursorAt(server.log, 9)],
    )
  }).pipe(Effect.scoped),
)

it.live("A slow loop receives more events than its buffer holds, each exactly once", () =>
  Effect.gen(function* () {
    const server = yield* startServer()
    for (let from = 1; from < 5_000; from += 500)
      yield* server.log.append({ account, events: motions(from, from + 499), state: stateAt(1) })
    const client = yield* openClient({ url: server.url, token: secret })
    const seqs = yield* Effect.promise(async () => {
      const read: Array<string> = []
      for await (const { cursor } of client.events({ since: "beginning" })) {
        read.push(cursor)
        // Slower than the server sends.
        if (read.length % 50 === 0) await nextTurn()
        if (read.length === 5_000) break
      }
      return read
    })
    assert.deepStrictEqual(
      seqs,
      Array.from({ length: 5_000 }, (_, index) => cursorAt(server.log, index + 1)),
    )
    assert.strictEqual(client.connection.status, "live")
  }).pipe(Effect.scoped),
)

it.live("Client closes for good and reports the reason when the token is wrong", () =>
  Effect.gen(function* () {
    const server = yield* startServer()
    const client = yield* openClient({ url: server.url, token: "wrong" })
    const connection = yield* firstChange(client, (change) =>
      change.type === "connection" && change.connection.status === "closed" ? change.connection : undefined,
    )
    assert.deepInclude(connection, { failure: "unauthorized", code: 4401 })
    assert.include(connection.reason, "token")
  }).pipe(Effect.scoped),
)

it.live("events returns the requested kinds and ends when the client closes", () =>
  Effect.gen(function* () {
    const server = yield* startServer()
    const client = yield* openClient({ url: server.url, token: secret })
    yield* waitUntilLive(client)
    const loop = Effect.promise(async () => {
      const received: Array<ReceivedEvent> = []
      for await (const event of client.events({ kinds: ["motion"] })) {
        received.push(event)
        if (received.length === 2) client.close()
      }
      return received
    })
    const fiber = yield* Effect.forkChild(loop, { startImmediately: true })
    yield* server.log.append({ account, events: [motion(1), armed(2, "armed"), motion(3)] })
    const received = yield* Fiber.join(fiber)
    assert.deepStrictEqual(
      received.map(({ kind, cursor, replayed }) => [kind, cursor, replayed]),
      [
        ["motion", cursorAt(server.log, 1), false],
        ["motion", cursorAt(server.log, 3), false],
      ],
    )
    assert.hasAllKeys(received[0], [...Object.keys(motion(1)), "cursor", "replayed"])
  }).pipe(Effect.scoped),
)

it.live("Client.command rejects with the server's error when the command is unknown", () =>
  Effect.gen(function* () {
    const server = yield* startServer()
    const client = yield* openClient({ url: server.url, token: secret })
    const error = yield* Effect.promise(() =>
      client.command({ name: "fly" }).then(
        () => null,
        (error: unknown) => error,
      ),
    )
    assert.deepInclude(error, { name: "RequestError", code: "unsupported", retryable: false })
  }).pipe(Effect.scoped),
)
