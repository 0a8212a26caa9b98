import { assert, it } from "@effect/vitest"
import { type Change, type Client, connect } from "../src/index.ts"
import { Effect, Fiber } from "effect"
import {
  armed,
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
    assert.strictEqual(client.cursor?.seq, 2)
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

it.live("Client with since receives each event after that position exactly once", () =>
  Effect.gen(function* () {
    const server = yield* startServer()
    yield* server.log.append({ account, events: motions(1, 50), state: stateAt(1) })
    const since = { epoch: server.log.epoch, seq: 10 as never }
    const client = yield* openClient({ url: server.url, token: secret, since })
    const seqs: Array<number> = []
    client.subscribe((change) => void (change.type === "event" && seqs.push(change.seq)))
    yield* firstChange(client, (change) => (change.type === "event" && change.seq === 50 ? true : undefined))
    assert.deepStrictEqual(
      seqs,
      Array.from({ length: 40 }, (_, index) => index + 11),
    )
  }).pipe(Effect.scoped),
)

it.live("Client closes for good and reports the reason when the token is wrong", () =>
  Effect.gen(function* () {
    const server = yield* startServer()
    const client = yield* openClient({ url: server.url, token: "wrong" })
    const connection = yield* firstChange(client, (change) =>
      change.type === "connection" && change.connection.status === "closed" ? change.connection : undefined,
    )
    assert.strictEqual(connection.code, 4401)
    assert.include(connection.reason, "token")
  }).pipe(Effect.scoped),
)

it.live("Client.events yields the requested kinds and ends when the client closes", () =>
  Effect.gen(function* () {
    const server = yield* startServer()
    const client = yield* openClient({ url: server.url, token: secret })
    yield* waitUntilLive(client)
    const loop = Effect.promise(async () => {
      const kinds: Array<string> = []
      for await (const { event } of client.events({ kinds: ["motion"] })) {
        kinds.push(event.kind)
        if (kinds.length === 2) client.close()
      }
      return kinds
    })
    const fiber = yield* Effect.forkChild(loop, { startImmediately: true })
    yield* server.log.append({ account, events: [motion(1), armed(2, "armed"), motion(3)] })
    assert.deepStrictEqual(yield* Fiber.join(fiber), ["motion", "motion"])
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
    assert.deepInclude(error, { name: "CommandError", code: "unsupported", retryable: false })
  }).pipe(Effect.scoped),
)
