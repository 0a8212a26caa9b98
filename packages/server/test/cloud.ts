import * as BlinkAccount from "@blink-streams/core/BlinkAccount"
import { Session } from "@blink-streams/core/Session"
import { TokenStore } from "@blink-streams/core/TokenStore"
import { Emulator, type EmulatorOptions } from "@blink-streams/emulator"
import { Context, Effect, Layer, Redacted } from "effect"
import { FetchHttpClient } from "effect/http"
import { startHouse } from "./house.ts"

/** A signed-in account of an emulated cloud, served. */
export const startCloud = Effect.fnUntraced(function* (
  options: EmulatorOptions = {},
  serveOptions: Parameters<typeof startHouse>[0] = {},
) {
  const cloud = Context.get(yield* Layer.build(Emulator.layer(options)), Emulator)
  const house = yield* startHouse(serveOptions)
  const services = yield* Layer.build(
    BlinkAccount.layer({
      config: { apiUrl: cloud.url, oauthUrl: cloud.url },
      store: TokenStore.layerMemory,
    }).pipe(Layer.provide(FetchHttpClient.layer)),
  )
  const session = Context.get(services, Session)
  const { email, password, pin } = cloud.account
  yield* session.signIn({ email, password: Redacted.make(password) })
  yield* session.answerPin(Redacted.make(pin))
  const running = yield* house.homes.add(Layer.succeedContext(services), {
    pollHome: "1 second",
    pollMedia: "1 second",
    email,
  })
  yield* running.refresh
  return { ...house, cloud, home: running }
})
