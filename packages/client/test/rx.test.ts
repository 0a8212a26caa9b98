import { connect, type ReceivedEvent } from "../src/index.ts"
import { connection$, events$, handleEach, state$ } from "../src/rx.ts"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { firstValueFrom, lastValueFrom, map, of, take, throwError, timer, toArray } from "rxjs"
import {
  account,
  armed,
  cursorAt,
  motion,
  motions,
  secret,
  startServer,
  stateAt,
} from "../../server/test/testServer.ts"

it.live("state$ starts with the current state, and all observables complete when the client closes", () =>
  Effect.gen(function* () {
    const server = yield* startServer()
    yield* server.log.append({ account, events: [], state: stateAt(1) })
    const client = connect({ url: server.url, token: secret })
    const statuses = firstValueFrom(
      connection$(client).pipe(
        map(({ status }) => status),
        toArray(),
      ),
    )
    const first = yield* Effect.promise(() => firstValueFrom(state$(client)))
    assert.strictEqual(first.accounts[0]?.account, account)
    assert.strictEqual(yield* Effect.promise(() => firstValueFrom(state$(client))), client.state)
    const envelopes = firstValueFrom(
      events$(client).pipe(
        map(({ kind, cursor, replayed }) => [kind, cursor, replayed]),
        take(2),
        toArray(),
      ),
    )
    const firstMotion = firstValueFrom(events$(client, { kinds: ["motion"] }))
    yield* server.log.append({ account, events: [armed(1, "armed"), motion(2)] })
    assert.deepStrictEqual(yield* Effect.promise(() => envelopes), [
      ["arm.changed", cursorAt(server.log, 1), false],
      ["motion", cursorAt(server.log, 2), false],
    ])
    const received = yield* Effect.promise(() => firstMotion)
    assert.deepInclude(received.data, { cause: "pir" })
    assert.deepInclude(received, { cursor: cursorAt(server.log, 2), replayed: false })
    client.close()
    assert.deepStrictEqual(yield* Effect.promise(() => statuses), ["connecting", "live", "closed"])
  }).pipe(Effect.scoped),
)

it.live("handleEach moves the cursor when the handler has completed, and events$ moves nothing", () =>
  Effect.gen(function* () {
    const server = yield* startServer()
    yield* server.log.append({ account, events: motions(1, 4), state: stateAt(1) })
    const client = connect({ url: server.url, token: secret })
    const cursors: Array<string | null> = []
    const seen = lastValueFrom(events$(client, { since: "beginning" }).pipe(take(4), toArray()))
    const since = cursorAt(server.log, 0)
    const handled = lastValueFrom(
      handleEach(
        client,
        ({ id }) =>
          timer(2).pipe(
            map(() => {
              cursors.push(client.cursor)
              return id
            }),
          ),
        { since },
      ).pipe(take(4), toArray()),
    )
    const ids = ["motion:1", "motion:2", "motion:3", "motion:4"]
    assert.deepStrictEqual(
      (yield* Effect.promise(() => seen)).map(({ id }) => String(id)),
      ids,
    )
    assert.deepStrictEqual(
      (yield* Effect.promise(() => handled)).map(({ id }) => String(id)),
      ids,
    )
    assert.deepStrictEqual(cursors, [since, ...[1, 2, 3].map((seq) => cursorAt(server.log, seq))])
    client.close()
  }).pipe(Effect.scoped),
)

it.live("handleEach errors with the error of its handler, and the cursor stays before the event", () =>
  Effect.gen(function* () {
    const server = yield* startServer()
    yield* server.log.append({ account, events: motions(1, 3), state: stateAt(1) })
    const client = connect({ url: server.url, token: secret })
    const handler = ({ id }: ReceivedEvent) =>
      id === "motion:2" ? throwError(() => new Error("no lamp")) : of(undefined)
    const error = yield* Effect.promise(() =>
      lastValueFrom(handleEach(client, handler, { since: "beginning" })).then(
        () => null,
        (error: unknown) => error,
      ),
    )
    assert.deepInclude(error, { message: "no lamp" })
    assert.strictEqual(client.cursor, cursorAt(server.log, 1))
    client.close()
  }).pipe(Effect.scoped),
)

it.live("events$ ends its subscription when its subscriber unsubscribes", () =>
  Effect.gen(function* () {
    const server = yield* startServer()
    yield* server.log.append({ account, events: [motion(1)], state: stateAt(1) })
    const client = connect({ url: server.url, token: secret })
    // More than a connection may have at a time.
    for (let round = 0; round < 20; round++)
      yield* Effect.promise(() => firstValueFrom(events$(client, { since: "beginning" })))
    client.close()
  }).pipe(Effect.scoped),
)
