import { BlinkAccount, Session, TokenStore } from "@blink-streams/core"
import type { AccountMonitors } from "@blink-streams/events"
import { Emulator, type EmulatorOptions } from "@blink-streams/emulator"
import { Context, Effect, Layer, Redacted } from "effect"
import { FetchHttpClient } from "effect/http"
import { startServer } from "./testServer.ts"

/** Signs in to an account of an emulated cloud and starts its monitor. */
const monitorAccount = Effect.fnUntraced(function* (
  monitors: AccountMonitors["Service"],
  cloudUrl: string,
  { email, password, pin }: Emulator["Service"]["account"],
) {
  const services = yield* Layer.build(
    BlinkAccount.layer({
      config: { apiUrl: cloudUrl, oauthUrl: cloudUrl },
      store: TokenStore.layerMemory,
    }).pipe(Layer.provide(FetchHttpClient.layer)),
  )
  const session = Context.get(services, Session)
  yield* session.signIn({ email, password: Redacted.make(password) })
  yield* session.submitPin(Redacted.make(pin))
  const monitor = yield* monitors.add(Layer.succeedContext(services), {
    stateInterval: "1 second",
    clipInterval: "1 second",
    email,
  })
  yield* monitor.refresh
  return monitor
})

/** Starts a server with a signed-in account of an emulated cloud. */
export const startCloud = Effect.fnUntraced(function* (
  options: EmulatorOptions = {},
  serveOptions: Parameters<typeof startServer>[0] = {},
) {
  const cloud = Context.get(yield* Layer.build(Emulator.layer(options)), Emulator)
  const server = yield* startServer(serveOptions)
  const monitor = yield* monitorAccount(server.monitors, cloud.url, cloud.account)
  /** Adds a signed-in account with one network and one camera. */
  const addAccount = Effect.gen(function* () {
    const { accounts } = yield* cloud.addAccount({ networks: 1, cameras: 1 })
    return yield* monitorAccount(server.monitors, cloud.url, accounts[0]!)
  })
  return { ...server, cloud, monitor, addAccount }
})
