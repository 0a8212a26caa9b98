import { conformance } from "@blink-streams/protocol/conformance"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { account, motions, secret, startServer, stateAt } from "./testServer.ts"

it.live("The server passes every rule of the conformance suite", () =>
  Effect.gen(function* () {
    const { socketUrl, log } = yield* startServer({ limits: { heartbeatMs: 1_000, authDeadlineMs: 1_000 } })
    yield* log.append({ account, events: motions(1, 5), state: stateAt(1) })
    const results = yield* conformance({ url: socketUrl, token: secret })
    assert.isAtLeast(results.length, 23)
    assert.deepStrictEqual(
      results.filter(({ deviation }) => deviation !== null),
      [],
    )
  }).pipe(Effect.scoped),
)
