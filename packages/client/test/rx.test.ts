import { connect } from "../src/index.ts"
import { connection$, events$, motion$, state$ } from "../src/rx.ts"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { firstValueFrom, map, take, toArray } from "rxjs"
import {
  account,
  armed,
  cursorAt,
  motion,
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
    const firstMotion = firstValueFrom(motion$(client))
    yield* server.log.append({ account, events: [armed(1, "armed"), motion(2)] })
    assert.deepStrictEqual(yield* Effect.promise(() => envelopes), [
      ["arm.changed", cursorAt(server.log, 1), false],
      ["motion", cursorAt(server.log, 2), false],
    ])
    const received = yield* Effect.promise(() => firstMotion)
    assert.strictEqual(received.data.cause, "pir")
    assert.deepInclude(received, { cursor: cursorAt(server.log, 2), replayed: false })
    client.close()
    assert.deepStrictEqual(yield* Effect.promise(() => statuses), ["connecting", "live", "closed"])
  }).pipe(Effect.scoped),
)
