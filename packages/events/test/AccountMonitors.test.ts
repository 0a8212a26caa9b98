import { BlinkAccount, TokenStore } from "@blink-streams/core"
import { EventLog } from "../src/EventLog.ts"
import { AccountMonitors } from "../src/AccountMonitors.ts"
import { assert, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Result, SubscriptionRef } from "effect"
import { makeTestSetup, advance, withoutLogs, withClock } from "./testSetup.ts"

const monitorsInMemory = Layer.provide(AccountMonitors.layer, EventLog.layerMemory)

it.effect(
  "AccountMonitors rejects a second monitor of an account and accepts it again after its removal",
  () =>
    Effect.gen(function* () {
      const { account } = yield* makeTestSetup()
      const monitors = yield* AccountMonitors
      const monitor = yield* withClock(monitors.add(account))
      const second = yield* withClock(Effect.flip(monitors.add(account)))
      assert.deepInclude(second, { _tag: "AccountLeaseHeld", account: monitor.account })
      yield* advance(60)
      assert.isFalse((yield* monitors.log.snapshot).state.accounts[0]?.stale)
      yield* monitors.remove(monitor.account)
      assert.strictEqual((yield* SubscriptionRef.get(monitors.monitors)).size, 0)
      // Its state stays in the log, marked as stale.
      assert.isTrue((yield* monitors.log.snapshot).state.accounts[0]?.stale)
      yield* withClock(monitors.add(account))
      assert.deepStrictEqual([...(yield* SubscriptionRef.get(monitors.monitors)).keys()], [monitor.account])
    }).pipe(Effect.provide(monitorsInMemory), withoutLogs),
)

it.effect("AccountMonitors shows a prompt for a lost session until the right password is submitted", () =>
  Effect.gen(function* () {
    const { account, cloud } = yield* makeTestSetup({ settings: { secondFactor: "off" } })
    const monitors = yield* AccountMonitors
    const monitor = yield* withClock(monitors.add(account, { email: "demo@example.com" }))
    yield* advance(60)
    cloud.control.tokens("revoke", { kind: "access" })
    cloud.control.tokens("revoke", { kind: "refresh" })
    for (let minute = 0; minute < 5; minute++) yield* advance(60)
    const [prompt, ...others] = yield* SubscriptionRef.get(monitors.prompts)
    assert.deepStrictEqual(others, [])
    assert.deepInclude(prompt, { account: monitor.account })
    const unknown = yield* Effect.flip(monitors.submitPrompt("nothing", Redacted.make("x")))
    assert.strictEqual(unknown._tag, "PromptGone")
    const wrong = yield* withClock(Effect.flip(monitors.submitPrompt(prompt!.id, Redacted.make("not it"))))
    assert.deepInclude(wrong, { _tag: "BlinkError", code: "InvalidCredentials" })
    assert.deepStrictEqual(yield* SubscriptionRef.get(monitors.prompts), [prompt!])
    const typedTwice = Effect.all(
      [1, 2].map(() => Effect.result(monitors.submitPrompt(prompt!.id, Redacted.make("demo-password")))),
      { concurrency: 2 },
    )
    const outcomes = yield* withClock(typedTwice)
    assert.deepStrictEqual(
      outcomes.map((outcome) => (Result.isFailure(outcome) ? outcome.failure._tag : "done")).toSorted(),
      ["PromptGone", "done"],
    )
    yield* advance(5)
    assert.deepStrictEqual(yield* SubscriptionRef.get(monitors.prompts), [])
    assert.strictEqual((yield* SubscriptionRef.get(monitor.state)).stale, false)
  }).pipe(Effect.provide(monitorsInMemory), withoutLogs),
)

it.effect(
  "AccountMonitors restores an account with a lost session after a restart with its last state and prompt",
  () =>
    Effect.gen(function* () {
      const { account, cloud } = yield* makeTestSetup({ settings: { secondFactor: "off" } })
      const monitors = yield* AccountMonitors
      const { account: number } = yield* withClock(monitors.add(account, { email: "demo@example.com" }))
      yield* advance(60)
      cloud.control.tokens("revoke", { kind: "access" })
      cloud.control.tokens("revoke", { kind: "refresh" })
      for (let minute = 0; minute < 5; minute++) yield* advance(60)
      yield* monitors.remove(number)
      const requestsBefore = cloud.engine.requestCount
      const monitor = yield* withClock(monitors.add(account, { email: "demo@example.com" }))
      yield* advance(60)
      const [prompt] = yield* SubscriptionRef.get(monitors.prompts)
      assert.deepInclude(prompt, { kind: "reauth", account: number })
      const { session, stale, networks } = yield* SubscriptionRef.get(monitor.state)
      assert.deepInclude(session, {
        state: "signed_out",
        reason: "The cloud ended this session. Sign in again.",
      })
      assert.isTrue(stale && networks.length > 0)
      assert.strictEqual(cloud.engine.requestCount, requestsBefore)
      yield* withClock(monitors.submitPrompt(prompt!.id, Redacted.make("demo-password")))
      yield* advance(60)
      assert.deepStrictEqual(yield* SubscriptionRef.get(monitors.prompts), [])
      assert.isFalse((yield* SubscriptionRef.get(monitor.state)).stale)
    }).pipe(Effect.provide(monitorsInMemory), withoutLogs),
)

it.effect(
  "AccountMonitors requests another code when the password is submitted, once the cloud allows it",
  () =>
    Effect.gen(function* () {
      const { account, cloud } = yield* makeTestSetup()
      const monitors = yield* AccountMonitors
      const monitor = yield* withClock(monitors.add(account, { email: "demo@example.com" }))
      yield* advance(60)
      // The cloud no longer trusts this installation: a password alone is not enough.
      for (const { registrations } of cloud.engine.world.accounts.values())
        for (const registration of registrations) registration.trusted = false
      cloud.control.tokens("revoke", { kind: "access" })
      cloud.control.tokens("revoke", { kind: "refresh" })
      for (let minute = 0; minute < 5; minute++) yield* advance(60)
      const [lost] = yield* SubscriptionRef.get(monitors.prompts)
      yield* withClock(monitors.submitPrompt(lost!.id, Redacted.make("demo-password")))
      yield* advance(1)
      const [codePrompt] = yield* SubscriptionRef.get(monitors.prompts)
      assert.deepInclude(codePrompt, { kind: "two_factor" })
      const early = yield* withClock(
        Effect.flip(monitors.submitPrompt(codePrompt!.id, Redacted.make("demo-password"))),
      )
      assert.deepInclude(early, { code: "InvalidPin" })
      const first = (yield* SubscriptionRef.get(monitor.session.state)).resendAfter
      yield* advance(120)
      yield* withClock(monitors.submitPrompt(codePrompt!.id, Redacted.make("demo-password")))
      yield* advance(1)
      const session = yield* SubscriptionRef.get(monitor.session.state)
      assert.deepInclude(session, { state: "awaiting_pin" })
      assert.isTrue(session.resendAfter! > first!)
      assert.deepStrictEqual(yield* SubscriptionRef.get(monitors.prompts), [codePrompt!])
      yield* withClock(monitors.submitPrompt(codePrompt!.id, Redacted.make("123456")))
      yield* advance(5)
      assert.deepStrictEqual(yield* SubscriptionRef.get(monitors.prompts), [])
    }).pipe(Effect.provide(monitorsInMemory), withoutLogs),
)

it.effect("AccountMonitors rejects an account without a session and keeps nothing of it", () =>
  Effect.gen(function* () {
    const { cloud } = yield* makeTestSetup()
    const monitors = yield* AccountMonitors
    const stranger = Layer.provide(BlinkAccount.layer({ store: TokenStore.layerMemory }), cloud.layer)
    const refused = yield* withClock(Effect.flip(monitors.add(stranger)))
    assert.deepInclude(refused, { _tag: "BlinkError", code: "SignedOut" })
    assert.strictEqual((yield* SubscriptionRef.get(monitors.monitors)).size, 0)
  }).pipe(Effect.provide(monitorsInMemory), withoutLogs),
)
