import { conformance } from "@blink-streams/protocol/conformance"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { account, motion, secret, startHouse, stateAt } from "./house.ts"

it.live("the server keeps to every rule of the protocol", () =>
  Effect.gen(function* () {
    const house = yield* startHouse({ limits: { heartbeatMs: 1_000 } })
    yield* house.log.append({ account, events: [motion(1)], state: stateAt(1) })
    const verdicts = yield* conformance({ url: house.socketUrl, token: secret })
    assert.isAtLeast(verdicts.length, 18)
    assert.deepStrictEqual(
      verdicts.filter(({ deviation }) => deviation !== null),
      [],
    )
  }).pipe(Effect.scoped),
)

it.live("a server of something else is found out", () =>
  Effect.gen(function* () {
    const house = yield* startHouse()
    const verdicts = yield* conformance({ url: house.socketUrl, token: "wrong", patienceMs: 300 })
    assert.isAbove(verdicts.filter(({ deviation }) => deviation !== null).length, 5)
  }).pipe(Effect.scoped),
)
