import { Session } from "@blink-streams/core"
import { Seq } from "@blink-streams/model"
import { assert, it } from "@effect/vitest"
import { Context, Effect, Exit, Layer, Redacted, Scope, SubscriptionRef } from "effect"
import {
  untilFirstPoll,
  type TestSetup,
  makeTestSetup,
  advanceMinutes,
  withoutLogs,
  type RunningMonitor,
  withClock,
} from "./testSetup.ts"

const credentials = { email: "demo@example.com", password: Redacted.make("demo-password"), attended: true }

/** Ends the session from outside. */
const revoke = Effect.fnUntraced(function* ({ cloud }: TestSetup) {
  cloud.control.tokens("revoke", { kind: "access" })
  cloud.control.tokens("revoke", { kind: "refresh" })
  yield* advanceMinutes(5)
})

const sessionChanges = ({ log }: RunningMonitor) =>
  Effect.map(log.read(Seq.make(0), 1000), (events) =>
    events.flatMap(({ event }) =>
      event.kind === "session.changed" ? [`${event.data.from} > ${event.data.to}`] : [],
    ),
  )

it.effect("A sign-in by another program while the monitor is stopped is recorded at the next start", () =>
  Effect.gen(function* () {
    const setup = yield* makeTestSetup({ settings: { secondFactor: "off" } })
    const first = yield* setup.run
    yield* untilFirstPoll(first)
    yield* revoke(setup)
    assert.deepStrictEqual(yield* sessionChanges(first), ["active > signed_out"])
    yield* withClock(Scope.close(first.scope, Exit.void))
    yield* Effect.scoped(
      Effect.gen(function* () {
        const session = Context.get(yield* Layer.build(setup.account), Session)
        yield* withClock(session.signIn(credentials))
      }),
    )
    const second = yield* setup.run
    yield* advanceMinutes(2)
    assert.deepStrictEqual(yield* sessionChanges(second), ["active > signed_out", "signed_out > active"])
  }).pipe(withoutLogs),
)

it.effect("A sign-in is recorded although the log fails with an unexpected error", () =>
  Effect.gen(function* () {
    const setup = yield* makeTestSetup({ settings: { secondFactor: "off" } })
    const running = yield* setup.run
    yield* untilFirstPoll(running)
    yield* revoke(setup)
    setup.disk.failNext(2, Effect.die(new Error("a bug")))
    yield* withClock(running.session.signIn(credentials))
    yield* advanceMinutes(2)
    assert.deepStrictEqual(yield* sessionChanges(running), ["active > signed_out", "signed_out > active"])
    const { sources } = yield* SubscriptionRef.get(running.monitor.state)
    assert.strictEqual(sources["state"]?.state, "ok")
  }).pipe(withoutLogs),
)
