import { Session } from "@blink-streams/core"
import { assert, it } from "@effect/vitest"
import { Context, Effect, Layer, Redacted, SubscriptionRef } from "effect"
import {
  untilFirstPoll,
  makePolledSetup,
  makeTestSetup,
  advanceMinutes,
  withoutLogs,
  type RunningMonitor,
  withClock,
} from "./testSetup.ts"

const healthOf = ({ monitor }: RunningMonitor, source: string) =>
  Effect.map(SubscriptionRef.get(monitor.state), ({ sources }) => sources[source]?.state)

it.effect("A poller retries soon after a single 404 of a proxy", () =>
  Effect.gen(function* () {
    const { cloud, running } = yield* makePolledSetup()
    const lost = { status: 404, body: "<html>not found</html>" }
    cloud.control.fault({ match: { path: "media/changed" }, times: 1, do: lost })
    cloud.control.fault({ match: { path: "homescreen" }, times: 1, do: lost })
    yield* advanceMinutes(1)
    assert.strictEqual(yield* healthOf(running, "clips"), "ok")
    yield* advanceMinutes(4)
    assert.strictEqual(yield* healthOf(running, "state"), "ok")
  }).pipe(withoutLogs),
)

it.effect("A poller requests a permanently missing path at most once an hour", () =>
  Effect.gen(function* () {
    const { cloud, running } = yield* makePolledSetup()
    cloud.control.fault({ match: { path: "media/changed" }, do: { status: 404, body: "<html>gone</html>" } })
    yield* advanceMinutes(30)
    assert.strictEqual(yield* healthOf(running, "clips"), "off")
    const requestCount = () =>
      cloud.engine.requests(0).filter(({ path }) => path.endsWith("media/changed")).length
    const before = requestCount()
    yield* advanceMinutes(120)
    assert.isAtMost(requestCount() - before, 2)
  }).pipe(withoutLogs),
)

it.effect(
  "A poller sends nothing without a session and detects a sign-in by another program within a minute",
  () =>
    Effect.gen(function* () {
      const { account, cloud, run } = yield* makeTestSetup({ settings: { secondFactor: "off" } })
      const running = yield* run
      yield* untilFirstPoll(running)
      cloud.control.tokens("revoke", { kind: "access" })
      cloud.control.tokens("revoke", { kind: "refresh" })
      yield* advanceMinutes(5)
      const requestsBefore = cloud.engine.requestCount
      yield* advanceMinutes(30)
      assert.strictEqual(cloud.engine.requestCount, requestsBefore)
      yield* Effect.scoped(
        Effect.gen(function* () {
          const session = Context.get(yield* Layer.build(account), Session)
          const password = Redacted.make("demo-password")
          yield* withClock(session.signIn({ email: "demo@example.com", password, attended: true }))
        }),
      )
      yield* advanceMinutes(2)
      assert.strictEqual(yield* healthOf(running, "state"), "ok")
    }).pipe(withoutLogs),
)
