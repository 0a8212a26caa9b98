import { BlinkAccount, Session, type CloudSettings, TokenStore } from "../src/index.ts"
import { Emulator, type EmulatorOptions } from "@blink-streams/emulator"
import { Effect, Fiber, Layer, Redacted, SubscriptionRef } from "effect"
import { FetchHttpClient } from "effect/http"
import { TestClock } from "effect/testing"
import { setImmediate } from "node:timers/promises"

interface CloudOptions extends EmulatorOptions {
  readonly config?: Partial<CloudSettings>
  readonly store?: Layer.Layer<TokenStore>
}

/** Emulated cloud with the services of one account, over real sockets. */
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

/** Services of another program on the same cloud, with the given store. */
export const anotherProgram = (config: Partial<CloudSettings>, store: Layer.Layer<TokenStore>) =>
  BlinkAccount.layer({ config, store }).pipe(Layer.provide(FetchHttpClient.layer))

/** Signs in to the emulated account, with the code if one is required. */
export const signIn = Effect.gen(function* () {
  const { account } = yield* Emulator
  const session = yield* Session
  yield* session.signIn({
    email: account.email,
    password: Redacted.make(account.password),
    attended: true,
  })
  if (SubscriptionRef.getUnsafe(session.state).state === "awaiting_pin") {
    yield* session.submitPin(Redacted.make(account.pin))
  }
})

/** Requests that the emulator has received after `since`, as `METHOD path status`. */
export const requests = Effect.fnUntraced(function* (since = 0) {
  const seen = yield* (yield* Emulator).requests(since)
  return seen.map(({ method, path, status }) => `${method} ${path} ${status}`)
})

/** Number of requests so far, for `requests`. */
export const requestMark = Effect.map(
  Effect.flatMap(Emulator, (emulator) => emulator.requests()),
  (seen) => seen.at(-1)?.n ?? 0,
)

/** Runs `effect` while advancing the test clock in steps, between which the sockets are served. */
export const withTestClock = Effect.fnUntraced(function* <A, E, R>(effect: Effect.Effect<A, E, R>) {
  const fiber = yield* Effect.forkChild(effect)
  while (fiber.pollUnsafe() === undefined) {
    yield* Effect.promise(() => setImmediate())
    yield* Effect.promise(() => setImmediate())
    yield* TestClock.adjust("50 millis")
  }
  return yield* Fiber.join(fiber)
})
