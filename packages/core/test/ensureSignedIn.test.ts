import { type CredentialProvider, ensureSignedIn, Session } from "../src/index.ts"
import { Emulator } from "@blink-streams/emulator"
import { assert, it } from "@effect/vitest"
import { Effect, Redacted, SubscriptionRef } from "effect"
import { cloud } from "./cloud.ts"

/** Credentials of the emulated account with a wrong first code. Records what is read. */
const recordedCredentials = Effect.map(Emulator, ({ account }) => {
  const read: Array<string> = []
  let pins = 0
  const credentials: CredentialProvider<never> = {
    attended: true,
    email: Effect.sync(() => {
      read.push("email")
      return account.email
    }),
    password: Effect.sync(() => {
      read.push("password")
      return Redacted.make(account.password)
    }),
    pin: ({ attempt, sentEarlier }) =>
      Effect.sync(() => {
        read.push(`pin ${attempt}${sentEarlier ? ", sent earlier" : ""}`)
        return Redacted.make(pins++ === 0 ? "000000" : account.pin)
      }),
  }
  return { credentials, read }
})

it.effect("ensureSignedIn asks again after a wrong code and for the code of a second step", () =>
  Effect.gen(function* () {
    const { credentials, read } = yield* recordedCredentials
    yield* ensureSignedIn(credentials)
    assert.deepStrictEqual(read, ["email", "password", "pin 1", "pin 2", "pin 1"])
    const { state } = yield* Session
    assert.strictEqual(SubscriptionRef.getUnsafe(state).state, "active")
    yield* ensureSignedIn(credentials)
    assert.strictEqual(read.length, 5)
  }).pipe(Effect.provide(cloud({ settings: { verifiesClients: true } }))),
)

it.effect("ensureSignedIn reads only the code when a sign-in already waits for it", () =>
  Effect.gen(function* () {
    const { account } = yield* Emulator
    const session = yield* Session
    const password = Redacted.make(account.password)
    yield* session.signIn({ email: account.email, password, attended: true })
    const { credentials, read } = yield* recordedCredentials
    yield* ensureSignedIn(credentials)
    assert.deepStrictEqual(read, ["pin 1, sent earlier", "pin 2, sent earlier"])
  }).pipe(Effect.provide(cloud())),
)
