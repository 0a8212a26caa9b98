import { connect, ConnectionError, type ConnectOptions, RequestError } from "../src/index.ts"
import { connection$, events$, handleEach, state$ } from "../src/rx.ts"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { once } from "node:events"
import { createServer } from "node:net"
import { setImmediate as nextTurn } from "node:timers/promises"
import { lastValueFrom, type Observable } from "rxjs"
import type { Socket } from "../src/internal/platform.ts"
import { account, motions, secret, startServer, stateAt } from "../../server/test/testServer.ts"

/** Returns the `ConnectionError` that a function throws. */
const thrownBy = (run: () => unknown): ConnectionError => {
  try {
    run()
  } catch (error) {
    assert.instanceOf(error, ConnectionError)
    return error
  }
  return assert.fail("nothing was thrown")
}

const rejection = (promise: Promise<unknown>) =>
  promise.then(
    (value) => assert.fail(`it resolved with ${String(value)}`),
    (error: unknown) => error,
  )

/** Reads events until the iteration ends. */
const readAll = async (events: AsyncIterable<unknown>) => {
  for await (const _ of events) continue
}

/** Connects and returns the errors of a loop and of each observable. */
const errorsOf = (options: ConnectOptions) =>
  Effect.promise(async () => {
    const client = connect(options)
    const end = (observable: Observable<unknown>) =>
      rejection(lastValueFrom(observable, { defaultValue: "complete" }))
    const errors = await Promise.all([
      rejection(readAll(client.events())),
      end(state$(client)),
      end(connection$(client)),
      end(events$(client)),
      end(handleEach(client, async () => undefined)),
    ])
    // Also of one that begins after the end.
    return [
      ...errors,
      await rejection(readAll(client.events())),
      await end(events$(client)),
      await end(state$(client)),
    ]
  })

const assertEach = (
  errors: ReadonlyArray<unknown>,
  failure: string,
  code: number | null,
  message: RegExp,
) => {
  for (const error of errors) {
    assert.instanceOf(error, ConnectionError)
    assert.deepStrictEqual([error.failure, error.code], [failure, code])
    assert.match(error.message, message)
  }
}

it("connect throws at an address that is none, with an example of one", () => {
  for (const url of ["localhost:25465", "127.0.0.1:25465", "", "25465", "/events", "ftp://127.0.0.1/"]) {
    const { failure, message } = thrownBy(() => connect({ url, token: "t" }))
    assert.strictEqual(failure, "invalid_address")
    assert.strictEqual(
      message,
      `"${url}" is not the address of a server: pass one such as ws://127.0.0.1:25465/`,
    )
  }
})

it("connect throws without a token, and says how to create one", () => {
  const withoutToken = { url: "ws://127.0.0.1:25465/" } as ConnectOptions
  for (const options of [withoutToken, { ...withoutToken, token: "" }]) {
    const { failure, message } = thrownBy(() => connect(options))
    assert.strictEqual(failure, "unauthorized")
    assert.match(message, /^there is no token: pass a token that `blink-streams token create` makes$/)
  }
})

it("connect throws in a runtime without websockets, and says what to pass", () => {
  const { WebSocket } = globalThis
  Reflect.deleteProperty(globalThis, "WebSocket")
  try {
    const { failure, message } = thrownBy(() => connect({ url: "ws://127.0.0.1:25465/", token: "t" }))
    assert.strictEqual(failure, "no_websocket")
    assert.match(message, /^this runtime has no WebSocket: use Node 22 or later, or pass a `WebSocket`/)
  } finally {
    globalThis.WebSocket = WebSocket
  }
})

it.live("Loops and observables of a client with a wrong token end with an error that names the token", () =>
  Effect.gen(function* () {
    const { url } = yield* startServer()
    const errors = yield* errorsOf({ url, token: "wrong" })
    assertEach(
      errors,
      "unauthorized",
      4401,
      /^the token is invalid.*: pass a token that `blink-streams token create` makes$/,
    )
  }).pipe(Effect.scoped),
)

it.live("A command of a client with a wrong token rejects with an error that names the token", () =>
  Effect.gen(function* () {
    const { url } = yield* startServer()
    const client = connect({ url, token: "wrong" })
    const send = () => Effect.promise(() => rejection(client.command({ name: "refresh" })))
    // Before the end, and after it.
    for (const error of [yield* send(), yield* send()]) {
      assert.instanceOf(error, RequestError)
      assert.strictEqual(error.code, "connection_closed")
      assert.match(error.message, /^the token is invalid.*: pass a token that/)
    }
  }).pipe(Effect.scoped),
)

it.live("A token function that has no token is reported, and called again", () =>
  Effect.gen(function* () {
    const { url } = yield* startServer()
    let calls = 0
    const client = connect({ url, token: async () => (++calls === 1 ? "" : secret) })
    const reasons: Array<string | undefined> = []
    client.subscribe(
      (change) => void (change.type === "connection" && reasons.push(change.connection.reason)),
    )
    yield* Effect.promise(async () => {
      while (client.connection.status !== "live") await nextTurn()
    })
    client.close()
    assert.strictEqual(reasons[0], "there is no token")
  }).pipe(Effect.scoped),
)

it.live(
  "Loops and observables of a web page that the server does not know end with the flag that allows it",
  () =>
    Effect.gen(function* () {
      const { url } = yield* startServer()
      class PageSocket extends WebSocket {
        constructor(address: string, protocols: string) {
          // The headers are an addition of Node.
          const options: object = { protocols, headers: { origin: "http://localhost:8000" } }
          super(address, options)
        }
      }
      const errors = yield* errorsOf({ url, token: secret, WebSocket: PageSocket })
      assertEach(
        errors,
        "origin_not_allowed",
        4406,
        /does not allow web pages of this origin.*--allow-origin/,
      )
    }).pipe(Effect.scoped),
)

it.live("Loops and observables end with the address when the websocket cannot be opened", () =>
  Effect.gen(function* () {
    class Refusing implements Socket {
      constructor() {
        throw new DOMException("an insecure websocket from a secure page", "SecurityError")
      }
      send() {}
      close() {}
      addEventListener() {}
    }
    const errors = yield* errorsOf({ url: "ws://192.0.2.1/", token: secret, WebSocket: Refusing })
    assertEach(
      errors,
      "invalid_address",
      null,
      /^ws:\/\/192\.0\.2\.1\/ cannot be opened: .*insecure websocket/,
    )
  }),
)

it.live("A client of a closed port says that no server responds, and continues to try", () =>
  Effect.promise(async () => {
    const server = createServer().listen(0, "127.0.0.1")
    await once(server, "listening")
    const address = server.address()
    server.close()
    const port = typeof address === "object" && address !== null ? address.port : 0
    const client = connect({ url: `ws://127.0.0.1:${port}/`, token: secret })
    const connection = await new Promise((resolve) =>
      client.subscribe((change) => change.type === "connection" && resolve(change.connection)),
    )
    assert.deepInclude(connection, {
      status: "connecting",
      failure: "unreachable",
      reason: "no server responds at this address",
    })
    assert.property(connection, "retryAt")
    client.close()
  }),
)

it.live("A loop that begins long after the call of events receives the events in between", () =>
  Effect.gen(function* () {
    const server = yield* startServer()
    yield* server.log.append({ account, events: motions(1, 28), state: stateAt(1) })
    const client = connect({ url: server.url, token: secret })
    const replayed = client.events({ since: "beginning", kinds: ["motion"] })
    const live = client.events({ kinds: ["motion"] })
    yield* Effect.promise(async () => {
      while (client.connection.status !== "live") await nextTurn()
    })
    yield* server.log.append({ account, events: motions(29, 30) })
    yield* Effect.promise(() => nextTurn())
    const read = (events: typeof live, count: number) =>
      Effect.promise(async () => {
        const ids: Array<string> = []
        for await (const { id } of events) if (ids.push(id) === count) break
        return ids
      })
    const ids = (from: number, to: number) => motions(from, to).map(({ id }) => String(id))
    assert.deepStrictEqual(yield* read(replayed, 30), ids(1, 30))
    assert.deepStrictEqual(yield* read(live, 2), ids(29, 30))
    client.close()
  }).pipe(Effect.scoped),
)

it.live("Loops and observables of a client that the caller closes end without an error", () =>
  Effect.gen(function* () {
    const { url } = yield* startServer()
    const client = connect({ url, token: secret })
    const ends = [
      events$(client),
      state$(client),
      connection$(client),
      handleEach(client, async () => undefined),
    ].map((observable: Observable<unknown>) => lastValueFrom(observable, { defaultValue: "complete" }))
    const loop = readAll(client.events())
    client.close()
    yield* Effect.promise(() => Promise.all([...ends, loop]))
    yield* Effect.promise(() => readAll(client.events()))
  }).pipe(Effect.scoped),
)
