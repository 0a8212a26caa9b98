import { assert, it } from "@effect/vitest"
import { type Change, type Client, connect } from "@blink-streams/client"
import { Effect, Fiber } from "effect"
import {
  armed,
  motion,
  motions,
  secret,
  startHouse,
  stateAt,
  account,
  home,
} from "../../server/test/house.ts"

/** Resolves with the first change that `found` takes. */
const until = <A>(client: Client, found: (change: Change) => A | undefined) =>
  Effect.callback<A>((resume) => {
    const stop = client.subscribe((change) => {
      const result = found(change)
      if (result === undefined) return
      stop()
      resume(Effect.succeed(result))
    })
    return Effect.sync(stop)
  })

const open = (options: Parameters<typeof connect>[0]) =>
  Effect.acquireRelease(
    Effect.sync(() => connect(options)),
    (client) => Effect.sync(() => client.close()),
  )

const live = (client: Client) =>
  client.connection.status === "live"
    ? Effect.void
    : until(client, (change) =>
        change.type === "connection" && change.connection.status === "live" ? true : undefined,
      )

const event = (client: Client) => until(client, (change) => (change.type === "event" ? change : undefined))

it.live("a client has the state, folds events into it, and remembers its place", () =>
  Effect.gen(function* () {
    const house = yield* startHouse()
    yield* house.log.append({ account, events: [motion(1)], state: stateAt(1) })
    const client = yield* open({ url: house.url, token: secret })
    yield* live(client)
    assert.strictEqual(client.state?.accounts[0]?.account, account)
    const next = yield* Effect.forkChild(event(client), { startImmediately: true })
    yield* house.log.append({ account, events: [armed(2, "armed")] })
    yield* Fiber.join(next)
    const network = client.state?.accounts[0]?.networks.find(({ id }) => id === home)
    assert.strictEqual(network?.arm.state, "armed")
    assert.strictEqual(client.cursor?.seq, 2)
  }).pipe(Effect.scoped),
)

it.live("a state that the server held back is shown, though an event came before it", () =>
  Effect.gen(function* () {
    const house = yield* startHouse()
    yield* house.log.append({ account, events: [motion(1)], state: stateAt(1) })
    const client = yield* open({ url: house.url, token: secret })
    yield* live(client)
    yield* house.log.append({ account, events: [motion(2)], state: stateAt(2) })
    yield* house.log.append({ account, events: [motion(3)], state: stateAt(3) })
    yield* house.log.append({ account, events: [motion(4)] })
    const held = stateAt(3).asOf
    yield* until(client, (change) =>
      change.type === "state" && change.state.accounts[0]?.asOf === held ? true : undefined,
    )
  }).pipe(Effect.scoped),
)

it.live("a client that goes on from a place is told each event after it once", () =>
  Effect.gen(function* () {
    const house = yield* startHouse()
    yield* house.log.append({ account, events: motions(1, 50), state: stateAt(1) })
    const since = { epoch: house.log.epoch, seq: 10 as never }
    const client = yield* open({ url: house.url, token: secret, since })
    const seen: Array<number> = []
    client.subscribe((change) => void (change.type === "event" && seen.push(change.seq)))
    yield* until(client, (change) => (change.type === "event" && change.seq === 50 ? true : undefined))
    assert.deepStrictEqual(
      seen,
      Array.from({ length: 40 }, (_, index) => index + 11),
    )
  }).pipe(Effect.scoped),
)

it.live("a wrong token closes the client for good and says why", () =>
  Effect.gen(function* () {
    const house = yield* startHouse()
    const client = yield* open({ url: house.url, token: "wrong" })
    const connection = yield* until(client, (change) =>
      change.type === "connection" && change.connection.status === "closed" ? change.connection : undefined,
    )
    assert.strictEqual(connection.code, 4401)
    assert.include(connection.reason, "token")
  }).pipe(Effect.scoped),
)

it.live("events can be read in a loop, which ends with the client", () =>
  Effect.gen(function* () {
    const house = yield* startHouse()
    const client = yield* open({ url: house.url, token: secret })
    yield* live(client)
    const loop = Effect.promise(async () => {
      const kinds: Array<string> = []
      for await (const { event } of client.events({ kinds: ["motion"] })) {
        kinds.push(event.kind)
        if (kinds.length === 2) client.close()
      }
      return kinds
    })
    const fiber = yield* Effect.forkChild(loop, { startImmediately: true })
    yield* house.log.append({ account, events: [motion(1), armed(2, "armed"), motion(3)] })
    assert.deepStrictEqual(yield* Fiber.join(fiber), ["motion", "motion"])
  }).pipe(Effect.scoped),
)

it.live("an unknown command is rejected with the server's reason", () =>
  Effect.gen(function* () {
    const house = yield* startHouse()
    const client = yield* open({ url: house.url, token: secret })
    const error = yield* Effect.promise(() =>
      client.command({ name: "fly" }).then(
        () => null,
        (error: unknown) => error,
      ),
    )
    assert.deepInclude(error, { name: "CommandError", code: "unsupported", retryable: false })
  }).pipe(Effect.scoped),
)
