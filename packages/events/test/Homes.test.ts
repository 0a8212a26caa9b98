import { BlinkAccount, TokenStore } from "@blink-streams/core"
import { EventLog } from "@blink-streams/events/EventLog"
import { Homes } from "@blink-streams/events/Homes"
import { assert, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Result, SubscriptionRef } from "effect"
import { makeHousehold, pass, quietly, withTime } from "./household.ts"

const homesOverMemory = Layer.provide(Homes.layer, EventLog.layerMemory)

it.effect("an account is looked at by one home only, and can be added again once it was removed", () =>
  Effect.gen(function* () {
    const { account } = yield* makeHousehold()
    const homes = yield* Homes
    const home = yield* withTime(homes.add(account))
    const second = yield* withTime(Effect.flip(homes.add(account)))
    assert.deepInclude(second, { _tag: "AccountTaken", account: home.account })
    yield* pass(60)
    assert.isFalse((yield* homes.log.cut).state.accounts[0]?.stale)
    yield* homes.remove(home.account)
    assert.strictEqual((yield* SubscriptionRef.get(homes.all)).size, 0)
    // What is known of it stays, as something that nobody looks after.
    assert.isTrue((yield* homes.log.cut).state.accounts[0]?.stale)
    yield* withTime(homes.add(account))
    assert.deepStrictEqual([...(yield* SubscriptionRef.get(homes.all)).keys()], [home.account])
  }).pipe(Effect.provide(homesOverMemory), quietly),
)

it.effect("a lost session is a prompt, which the password answers and the end of which clears it", () =>
  Effect.gen(function* () {
    const { account, cloud } = yield* makeHousehold({ settings: { secondFactor: "off" } })
    const homes = yield* Homes
    const home = yield* withTime(homes.add(account, { email: "demo@example.com" }))
    yield* pass(60)
    cloud.orders.tokens("revoke", { kind: "access" })
    cloud.orders.tokens("revoke", { kind: "refresh" })
    for (let minute = 0; minute < 5; minute++) yield* pass(60)
    const [prompt, ...others] = yield* SubscriptionRef.get(homes.prompts)
    assert.deepStrictEqual(others, [])
    assert.deepInclude(prompt, { account: home.account })
    const unknown = yield* Effect.flip(homes.answer("nothing", Redacted.make("x")))
    assert.strictEqual(unknown._tag, "PromptGone")
    const wrong = yield* withTime(Effect.flip(homes.answer(prompt!.id, Redacted.make("not it"))))
    assert.deepInclude(wrong, { _tag: "BlinkError", code: "WrongPassword" })
    assert.deepStrictEqual(yield* SubscriptionRef.get(homes.prompts), [prompt!])
    const typedTwice = Effect.all(
      [1, 2].map(() => Effect.result(homes.answer(prompt!.id, Redacted.make("demo-password")))),
      { concurrency: 2 },
    )
    const outcomes = yield* withTime(typedTwice)
    assert.deepStrictEqual(
      outcomes.map((outcome) => (Result.isFailure(outcome) ? outcome.failure._tag : "done")).toSorted(),
      ["PromptGone", "done"],
    )
    yield* pass(5)
    assert.deepStrictEqual(yield* SubscriptionRef.get(homes.prompts), [])
    assert.strictEqual((yield* SubscriptionRef.get(home.state)).stale, false)
  }).pipe(Effect.provide(homesOverMemory), quietly),
)

it.effect(
  "an account whose session is lost is there after a restart, with what was known and with its prompt",
  () =>
    Effect.gen(function* () {
      const { account, cloud } = yield* makeHousehold({ settings: { secondFactor: "off" } })
      const homes = yield* Homes
      const { account: number } = yield* withTime(homes.add(account, { email: "demo@example.com" }))
      yield* pass(60)
      cloud.orders.tokens("revoke", { kind: "access" })
      cloud.orders.tokens("revoke", { kind: "refresh" })
      for (let minute = 0; minute < 5; minute++) yield* pass(60)
      yield* homes.remove(number)
      const asked = cloud.engine.asked
      const home = yield* withTime(homes.add(account, { email: "demo@example.com" }))
      yield* pass(60)
      const [prompt] = yield* SubscriptionRef.get(homes.prompts)
      assert.deepInclude(prompt, { kind: "reauth", account: number })
      const { session, stale, networks } = yield* SubscriptionRef.get(home.state)
      assert.deepInclude(session, {
        state: "signedOut",
        reason: "The cloud ended this session. Sign in again.",
      })
      assert.isTrue(stale && networks.length > 0)
      assert.strictEqual(cloud.engine.asked, asked)
      yield* withTime(homes.answer(prompt!.id, Redacted.make("demo-password")))
      yield* pass(60)
      assert.deepStrictEqual(yield* SubscriptionRef.get(homes.prompts), [])
      assert.isFalse((yield* SubscriptionRef.get(home.state)).stale)
    }).pipe(Effect.provide(homesOverMemory), quietly),
)

it.effect(
  "while a code is waited for the password asks for another, but not before the cloud allows it",
  () =>
    Effect.gen(function* () {
      const { account, cloud } = yield* makeHousehold()
      const homes = yield* Homes
      const home = yield* withTime(homes.add(account, { email: "demo@example.com" }))
      yield* pass(60)
      // The cloud forgets this installation: a password alone does not do any more.
      for (const { registrations } of cloud.engine.world.accounts.values())
        for (const registration of registrations) registration.trusted = false
      cloud.orders.tokens("revoke", { kind: "access" })
      cloud.orders.tokens("revoke", { kind: "refresh" })
      for (let minute = 0; minute < 5; minute++) yield* pass(60)
      const [lost] = yield* SubscriptionRef.get(homes.prompts)
      yield* withTime(homes.answer(lost!.id, Redacted.make("demo-password")))
      yield* pass(1)
      const [asked] = yield* SubscriptionRef.get(homes.prompts)
      assert.deepInclude(asked, { kind: "two_factor" })
      const early = yield* withTime(Effect.flip(homes.answer(asked!.id, Redacted.make("demo-password"))))
      assert.deepInclude(early, { code: "WrongPin" })
      const first = (yield* SubscriptionRef.get(home.session.state)).resendAfter
      yield* pass(120)
      yield* withTime(homes.answer(asked!.id, Redacted.make("demo-password")))
      yield* pass(1)
      const session = yield* SubscriptionRef.get(home.session.state)
      assert.deepInclude(session, { state: "awaitingPin" })
      assert.isTrue(session.resendAfter! > first!)
      assert.deepStrictEqual(yield* SubscriptionRef.get(homes.prompts), [asked!])
      yield* withTime(homes.answer(asked!.id, Redacted.make("123456")))
      yield* pass(5)
      assert.deepStrictEqual(yield* SubscriptionRef.get(homes.prompts), [])
    }).pipe(Effect.provide(homesOverMemory), quietly),
)

it.effect("an account that nobody has signed in to is refused, and leaves nothing behind", () =>
  Effect.gen(function* () {
    const { cloud } = yield* makeHousehold()
    const homes = yield* Homes
    const stranger = Layer.provide(BlinkAccount.layer({ store: TokenStore.layerMemory }), cloud.layer)
    const refused = yield* withTime(Effect.flip(homes.add(stranger)))
    assert.deepInclude(refused, { _tag: "BlinkError", code: "SignedOut" })
    assert.strictEqual((yield* SubscriptionRef.get(homes.all)).size, 0)
  }).pipe(Effect.provide(homesOverMemory), quietly),
)
