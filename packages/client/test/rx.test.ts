import { connect } from "@blink-streams/client"
import { connection$, events$, motion$, state$ } from "@blink-streams/client/rx"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { firstValueFrom, map, take, toArray } from "rxjs"
import { account, armed, motion, secret, startHouse, stateAt } from "../../server/test/house.ts"

it.live("the observables tell states at once, events as they come, and complete with the client", () =>
  Effect.gen(function* () {
    const house = yield* startHouse()
    yield* house.log.append({ account, events: [], state: stateAt(1) })
    const client = connect({ url: house.url, token: secret })
    const statuses = firstValueFrom(
      connection$(client).pipe(
        map(({ status }) => status),
        toArray(),
      ),
    )
    const first = yield* Effect.promise(() => firstValueFrom(state$(client)))
    assert.strictEqual(first.accounts[0]?.account, account)
    assert.strictEqual(yield* Effect.promise(() => firstValueFrom(state$(client))), client.state)
    const kinds = firstValueFrom(
      events$(client).pipe(
        map(({ event }) => event.kind),
        take(2),
        toArray(),
      ),
    )
    const moved = firstValueFrom(motion$(client))
    yield* house.log.append({ account, events: [armed(1, "armed"), motion(2)] })
    assert.deepStrictEqual(yield* Effect.promise(() => kinds), ["arm.changed", "motion"])
    assert.strictEqual((yield* Effect.promise(() => moved)).data.cause, "pir")
    client.close()
    assert.deepStrictEqual(yield* Effect.promise(() => statuses), ["connecting", "live", "closed"])
  }).pipe(Effect.scoped),
)
