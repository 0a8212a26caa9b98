import { assert, it } from "@effect/vitest"
import { type Change, type Client, connect, type ReceivedEvent } from "../src/index.ts"
import { Effect, Fiber } from "effect"
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

it.live("Client holds the state, applies events to it and updates its cursor", () =>
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
    assert.strictEqual(client.cursor, cursorAt(server.log, 2))
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

it.live("Client with since receives each event after that cursor exactly once", () =>
  Effect.gen(function* () {
    const server = yield* startServer()
    yield* server.log.append({ account, events: motions(1, 50), state: stateAt(1) })
    const since = cursorAt(server.log, 10)
    const client = yield* openClient({ url: server.url, token: secret, since })
    const cursors: Array<string> = []
    client.subscribe((change) => void (change.type === "event" && cursors.push(change.event.cursor)))
    const last = cursorAt(server.log, 50)
    yield* firstChange(client, (change) =>
      change.type === "event" && change.event.cursor === last ? true : undefined,
    )
    assert.deepStrictEqual(
      cursors,
      Array.from({ length: 40 }, (_, index) => cursorAt(server.log, index + 11)),
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
      assert.strictEqual(first.cursor, cursor)
      const snapshot = yield* Effect.promise(async () => {
        const headers = { authorization: `Bearer ${secret}` }
        const response = await fetch(new URL("v1/state", server.url), { headers })
        return (await response.json()) as { readonly cursor: string }
      })
      assert.strictEqual(snapshot.cursor, cursor)
      first.close()
      yield* server.log.append({ account, events: [motion(3)] })
      const second = yield* openClient({ url: server.url, token: secret, since: cursor })
      const changes: Array<Change> = []
      second.subscribe((change) => void changes.push(change))
      const resumed = yield* nextEvent(second)
      assert.deepStrictEqual([String(resumed.event.id), resumed.event.replayed], ["motion:3", true])
      assert.strictEqual(second.cursor, resumed.event.cursor)
      assert.isFalse(changes.some(({ type }) => type === "gap"))
    }).pipe(Effect.scoped),
)

it.live("Client whose since is not a cursor receives a gap and the state, and stays connected", () =>
  Effect.gen(function* () {
    const server = yield* startServer()
    yield* server.log.append({ account, events: motions(1, 5), state: stateAt(1) })
    for (const since of ["yesterday", "", "5"]) {
      const client = yield* openClient({ url: server.url, token: secret, since })
      const gap = yield* firstChange(client, (change) => (change.type === "gap" ? change : undefined))
      assert.deepStrictEqual(gap, {
        type: "gap",
        from: cursorAt(server.log, 0),
        to: cursorAt(server.log, 5),
        reason: "restart",
      })
      yield* waitUntilLive(client)
      assert.strictEqual(client.cursor, gap.to)
      assert.strictEqual(client.state?.accounts[0]?.account, account)
    }
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

it.live("Client.events yields the requested kinds and ends when the client closes", () =>
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
