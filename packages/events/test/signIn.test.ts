import { BlinkAccount, Session, TokenStore } from "@blink-streams/core"
import { Emulator } from "@blink-streams/emulator"
import { type PromptUser, signIn } from "../src/internal/session/signIn.ts"
import { assert, it } from "@effect/vitest"
import { Effect, Layer, Redacted, SubscriptionRef } from "effect"
import { FetchHttpClient } from "effect/http"

it.effect("signIn prompts again after a wrong code and for the code of a second step", () =>
  Effect.gen(function* () {
    const { account, url } = yield* Emulator
    const prompts: Array<string> = []
    const promptUser: PromptUser = (prompt) =>
      Effect.sync(() => {
        prompts.push(`${prompt.kind} ${prompt.attempt}`)
        const isFirstCode = prompts.filter((line) => line.startsWith("two_factor")).length === 1
        const code = isFirstCode ? "000000" : account.pin
        return Redacted.make(prompt.kind === "two_factor" ? code : account[prompt.kind])
      })
    yield* Effect.gen(function* () {
      yield* signIn(promptUser)
      assert.deepStrictEqual(prompts, [
        "email 1",
        "password 1",
        "two_factor 1",
        "two_factor 2",
        "two_factor 1",
      ])
      const { state } = yield* Session
      assert.strictEqual(SubscriptionRef.getUnsafe(state).state, "active")
    }).pipe(
      Effect.provide(
        BlinkAccount.layer({ config: { apiUrl: url, oauthUrl: url }, store: TokenStore.layerMemory }),
      ),
    )
  }).pipe(
    Effect.provide(
      Layer.merge(FetchHttpClient.layer, Emulator.layer({ settings: { verifiesClients: true } })),
    ),
  ),
)
