import { Session } from "@blink-streams/core/Session"
import { Seq } from "@blink-streams/model"
import { assert, it } from "@effect/vitest"
import { Context, Effect, Exit, Layer, Redacted, Scope, SubscriptionRef } from "effect"
import {
  firstLook,
  type Household,
  makeHousehold,
  minutes,
  quietly,
  type Running,
  withTime,
} from "./household.ts"

const credentials = { email: "demo@example.com", password: Redacted.make("demo-password"), attended: true }

/** Somebody ends this session from elsewhere. */
const revoke = Effect.fnUntraced(function* ({ cloud }: Household) {
  cloud.orders.tokens("revoke", { kind: "access" })
  cloud.orders.tokens("revoke", { kind: "refresh" })
  yield* minutes(5)
})

const sessions = ({ log }: Running) =>
  Effect.map(log.read(Seq.make(0), 1000), (events) =>
    events.flatMap(({ event }) =>
      event.kind === "session.changed" ? [`${event.data.from} > ${event.data.to}`] : [],
    ),
  )

it.effect("who signs in with another program while nobody looks is told at the next start", () =>
  Effect.gen(function* () {
    const household = yield* makeHousehold({ settings: { secondFactor: "off" } })
    const first = yield* household.run
    yield* firstLook(first)
    yield* revoke(household)
    assert.deepStrictEqual(yield* sessions(first), ["active > signedOut"])
    yield* withTime(Scope.close(first.scope, Exit.void))
    yield* Effect.scoped(
      Effect.gen(function* () {
        const session = Context.get(yield* Layer.build(household.account), Session)
        yield* withTime(session.signIn(credentials))
      }),
    )
    const second = yield* household.run
    yield* minutes(2)
    assert.deepStrictEqual(yield* sessions(second), ["active > signedOut", "signedOut > active"])
  }).pipe(quietly),
)

it.effect("a sign-in is noted although the log breaks in a way nobody foresaw", () =>
  Effect.gen(function* () {
    const household = yield* makeHousehold({ settings: { secondFactor: "off" } })
    const running = yield* household.run
    yield* firstLook(running)
    yield* revoke(household)
    household.disk.refuse(2, Effect.die(new Error("a bug")))
    yield* withTime(running.session.signIn(credentials))
    yield* minutes(2)
    assert.deepStrictEqual(yield* sessions(running), ["active > signedOut", "signedOut > active"])
    const { sources } = yield* SubscriptionRef.get(running.home.state)
    assert.strictEqual(sources["homescreen"]?.state, "ok")
  }).pipe(quietly),
)
