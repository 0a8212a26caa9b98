import { Session } from "@blink-streams/core/Session"
import { assert, it } from "@effect/vitest"
import { Context, Effect, Layer, Redacted, SubscriptionRef } from "effect"
import { firstLook, lookedAt, makeHousehold, minutes, quietly, type Running, withTime } from "./household.ts"

const healthOf = ({ home }: Running, source: string) =>
  Effect.map(SubscriptionRef.get(home.state), ({ sources }) => sources[source]?.state)

it.effect("one answer of a machine on the way that knows no such path silences nothing for long", () =>
  Effect.gen(function* () {
    const { cloud, running } = yield* lookedAt()
    const lost = { status: 404, body: "<html>not found</html>" }
    cloud.orders.fault({ match: { path: "media/changed" }, times: 1, do: lost })
    cloud.orders.fault({ match: { path: "homescreen" }, times: 1, do: lost })
    yield* minutes(1)
    assert.strictEqual(yield* healthOf(running, "media"), "ok")
    yield* minutes(4)
    assert.strictEqual(yield* healthOf(running, "homescreen"), "ok")
  }).pipe(quietly),
)

it.effect("a path that is gone for good is soon asked for no more than once an hour", () =>
  Effect.gen(function* () {
    const { cloud, running } = yield* lookedAt()
    cloud.orders.fault({ match: { path: "media/changed" }, do: { status: 404, body: "<html>gone</html>" } })
    yield* minutes(30)
    assert.strictEqual(yield* healthOf(running, "media"), "off")
    const asked = () => cloud.engine.requests(0).filter(({ path }) => path.endsWith("media/changed")).length
    const before = asked()
    yield* minutes(120)
    assert.isAtMost(asked() - before, 2)
  }).pipe(quietly),
)

it.effect(
  "who signs in with another program is noticed within a minute, and nothing is sent until then",
  () =>
    Effect.gen(function* () {
      const { account, cloud, run } = yield* makeHousehold({ settings: { secondFactor: "off" } })
      const running = yield* run
      yield* firstLook(running)
      cloud.orders.tokens("revoke", { kind: "access" })
      cloud.orders.tokens("revoke", { kind: "refresh" })
      yield* minutes(5)
      const asked = cloud.engine.asked
      yield* minutes(30)
      assert.strictEqual(cloud.engine.asked, asked)
      yield* Effect.scoped(
        Effect.gen(function* () {
          const session = Context.get(yield* Layer.build(account), Session)
          const password = Redacted.make("demo-password")
          yield* withTime(session.signIn({ email: "demo@example.com", password, attended: true }))
        }),
      )
      yield* minutes(2)
      assert.strictEqual(yield* healthOf(running, "homescreen"), "ok")
    }).pipe(quietly),
)
