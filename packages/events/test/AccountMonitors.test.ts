import { BlinkAccount, TokenStore } from "@blink-streams/core"
import { EventLog } from "../src/EventLog.ts"
import { AccountMonitors } from "../src/AccountMonitors.ts"
import { assert, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Result, SubscriptionRef } from "effect"
import { makeTestSetup, advance, withoutLogs, withClock } from "./testSetup.ts"

const monitorsInMemory = Layer.provide(AccountMonitors.layer, EventLog.layerMemory)

it.effect("an account is looked at by one home only, and can be added again once it was removed", () =>
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
    // What is known of it stays, as something that nobody looks after.
    assert.isTrue((yield* monitors.log.snapshot).state.accounts[0]?.stale)
    yield* withClock(monitors.add(account))
    assert.deepStrictEqual([...(yield* SubscriptionRef.get(monitors.monitors)).keys()], [monitor.account])
  }).pipe(Effect.provide(monitorsInMemory), withoutLogs),
)

it.effect("a lost session is a prompt, which the password answers and the end of which clears it", () =>
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
  "an account whose session is lost is there after a restart, with what was known and with its prompt",
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
        state: "signedOut",
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
  "while a code is waited for the password asks for another, but not before the cloud allows it",
  () =>
    Effect.gen(function* () {
      const { account, cloud } = yield* makeTestSetup()
      const monitors = yield* AccountMonitors
      const monitor = yield* withClock(monitors.add(account, { email: "demo@example.com" }))
      yield* advance(60)
      // The cloud forgets this installation: a password alone does not do any more.
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
      assert.deepInclude(session, { state: "awaitingPin" })
      assert.isTrue(session.resendAfter! > first!)
      assert.deepStrictEqual(yield* SubscriptionRef.get(monitors.prompts), [codePrompt!])
      yield* withClock(monitors.submitPrompt(codePrompt!.id, Redacted.make("123456")))
      yield* advance(5)
      assert.deepStrictEqual(yield* SubscriptionRef.get(monitors.prompts), [])
    }).pipe(Effect.provide(monitorsInMemory), withoutLogs),
)

it.effect("an account that nobody has signed in to is refused, and leaves nothing behind", () =>
  Effect.gen(function* () {
    const { cloud } = yield* makeTestSetup()
    const monitors = yield* AccountMonitors
    const stranger = Layer.provide(BlinkAccount.layer({ store: TokenStore.layerMemory }), cloud.layer)
    const refused = yield* withClock(Effect.flip(monitors.add(stranger)))
    assert.deepInclude(refused, { _tag: "BlinkError", code: "SignedOut" })
    assert.strictEqual((yield* SubscriptionRef.get(monitors.monitors)).size, 0)
  }).pipe(Effect.provide(monitorsInMemory), withoutLogs),
)
