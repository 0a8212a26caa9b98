import { BlinkAccount, Session, type Settings, TokenStore } from "../src/index.ts"
import { Emulator, type EmulatorOptions } from "@blink-streams/emulator"
import { Effect, Fiber, Layer, Redacted, SubscriptionRef } from "effect"
import { FetchHttpClient } from "effect/http"
import { TestClock } from "effect/testing"
import { setImmediate } from "node:timers/promises"

interface CloudOptions extends EmulatorOptions {
  readonly config?: Partial<Settings>
  readonly store?: Layer.Layer<TokenStore>
}

/** An emulated cloud and one account's services over real sockets. */
export const cloud = ({ config, store, ...options }: CloudOptions = {}) =>
  Layer.unwrap(
    Emulator.use(({ url }) =>
      Effect.succeed(
        BlinkAccount.layer({
          config: { apiUrl: url, oauthUrl: url, ...config },
          store: store ?? TokenStore.layerMemory,
        }),
      ),
    ),
  ).pipe(Layer.provide(FetchHttpClient.layer), Layer.provideMerge(Emulator.layer(options)))

/** Another program on the same cloud, with a store of its own choice. */
export const anotherProgram = (config: Partial<Settings>, store: Layer.Layer<TokenStore>) =>
  BlinkAccount.layer({ config, store }).pipe(Layer.provide(FetchHttpClient.layer))

/** Signs the emulator's person in, with the code if one is asked for. */
export const signIn = Effect.gen(function* () {
  const { account } = yield* Emulator
  const session = yield* Session
  yield* session.signIn({
    email: account.email,
    password: Redacted.make(account.password),
    attended: true,
  })
  if (SubscriptionRef.getUnsafe(session.state).state === "awaitingPin") {
    yield* session.submitPin(Redacted.make(account.pin))
  }
})

/** `METHOD path status` of every request that the emulator has seen since `mark`. */
export const requests = Effect.fnUntraced(function* (since = 0) {
  const seen = yield* (yield* Emulator).requests(since)
  return seen.map(({ method, path, status }) => `${method} ${path} ${status}`)
})

/** How many requests there have been: a mark for `requests`. */
export const requestMark = Effect.map(
  Effect.flatMap(Emulator, (emulator) => emulator.requests()),
  (seen) => seen.at(-1)?.n ?? 0,
)

/** Runs `effect` while the test clock moves on, in steps between which the sockets get their turn. */
export const withTestClock = Effect.fnUntraced(function* <A, E, R>(effect: Effect.Effect<A, E, R>) {
  const fiber = yield* Effect.forkChild(effect)
  while (fiber.pollUnsafe() === undefined) {
    yield* Effect.promise(() => setImmediate())
    yield* Effect.promise(() => setImmediate())
    yield* TestClock.adjust("50 millis")
  }
  return yield* Fiber.join(fiber)
})
