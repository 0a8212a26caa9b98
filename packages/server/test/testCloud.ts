import { BlinkAccount, Session, TokenStore } from "@blink-streams/core"
import { Emulator, type EmulatorOptions } from "@blink-streams/emulator"
import { Context, Effect, Layer, Redacted } from "effect"
import { FetchHttpClient } from "effect/http"
import { startServer } from "./testServer.ts"

/** Starts a server with a signed-in account of an emulated cloud. */
export const startCloud = Effect.fnUntraced(function* (
  options: EmulatorOptions = {},
  serveOptions: Parameters<typeof startServer>[0] = {},
) {
  const cloud = Context.get(yield* Layer.build(Emulator.layer(options)), Emulator)
  const server = yield* startServer(serveOptions)
  const services = yield* Layer.build(
    BlinkAccount.layer({
      config: { apiUrl: cloud.url, oauthUrl: cloud.url },
      store: TokenStore.layerMemory,
    }).pipe(Layer.provide(FetchHttpClient.layer)),
  )
  const session = Context.get(services, Session)
  const { email, password, pin } = cloud.account
  yield* session.signIn({ email, password: Redacted.make(password) })
  yield* session.submitPin(Redacted.make(pin))
  const monitor = yield* server.monitors.add(Layer.succeedContext(services), {
    stateInterval: "1 second",
    clipInterval: "1 second",
    email,
  })
  yield* monitor.refresh
  return { ...server, cloud, monitor }
})
