/**
 * Effect: toggles the arm state of the first system and back, and prints the command status, the session state and the
 * request budget.
 *
 * Needs `session.json` of `blink-streams login` in BLINK_STREAMS_DIR, or in the working directory.
 *
 *     node examples/commands/effect.ts
 */
import { BlinkAccount, BlinkApi, Budget, Commands, Session, TokenStore } from "@blink-streams/core"
import { Console, Effect, Layer, Stream, SubscriptionRef } from "effect"
import { FetchHttpClient } from "effect/http"

const { BLINK_API_URL: apiUrl, BLINK_OAUTH_URL: oauthUrl, BLINK_STREAMS_DIR: folder = "." } = process.env

const program = Effect.gen(function* () {
  const session = yield* Session
  const budget = yield* Budget
  const commands = yield* Commands

  // State streams: the current value at once, then every change. They run in the background until the program ends.
  yield* SubscriptionRef.changes(session.state).pipe(
    Stream.runForEach(({ state }) => Console.log("session:", state)),
    Effect.forkScoped,
  )
  yield* SubscriptionRef.changes(budget.state).pipe(
    Stream.runForEach(({ callsLeft }) => Console.log("calls left this hour:", callsLeft)),
    Effect.forkScoped,
  )

  const { networks } = yield* BlinkApi.use((api) => api.snapshot)
  for (const { id, name: systemName, arm } of networks.slice(0, 1)) {
    const first = arm === "armed" ? "disarm" : "arm"
    for (const name of [first, first === "arm" ? "disarm" : "arm"] as const) {
      // queued, accepted, running, verifying; `done` once a poll confirms the new state.
      yield* commands
        .run({ name, network: id })
        .pipe(Stream.runForEach(({ status }) => Console.log(`${name} ${systemName}:`, status)))
    }
  }
}).pipe(
  // Every error has a hint for the user.
  Effect.catchTag("BlinkError", (error) => Console.error(error.hint)),
)

const account = BlinkAccount.layer({
  config: {
    ...(apiUrl === undefined ? {} : { apiUrl }),
    ...(oauthUrl === undefined ? {} : { oauthUrl }),
  },
  store: TokenStore.layerFile(`${folder}/session.json`),
}).pipe(Layer.provide(FetchHttpClient.layer))

await Effect.runPromise(Effect.scoped(Effect.provide(program, account)))
