import { BlinkAccount, Session, TokenStore } from "@blink-streams/core"
import { type EmulatedCloud, startEmulator } from "@blink-streams/emulator"
import { AccountMonitors, EventLog } from "@blink-streams/events"
import type { AccountState, BlinkEvent } from "@blink-streams/model"
import { serve, Tokens } from "@blink-streams/server"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Context, Effect, Exit, Layer, ManagedRuntime, Redacted, Scope, SubscriptionRef } from "effect"
import { startServer, type TestServer } from "./testServer.ts"

/** A broadcaster that is signed in to an emulated cloud. */
export interface EmulatedServer extends Omit<TestServer, "append"> {
  /** Current state of the account. */
  state(): Promise<AccountState>
  /** Appends events to the log directly. */
  appendEvents(events: ReadonlyArray<BlinkEvent>): Promise<void>
  readonly cloud: EmulatedCloud
  /** Revokes the client's registration, as the owner can in the Blink app: all its tokens become invalid. */
  revokeClient(): Promise<void>
}

const services = Layer.mergeAll(
  AccountMonitors.layer.pipe(Layer.provideMerge(EventLog.layerMemory)),
  Tokens.layerMemory(),
  NodeHttpServer.layerHttpServices,
)

export const startEmulatedServer = async (): Promise<EmulatedServer> => {
  // Commands complete within the 0.8 s after which they are polled first.
  const cloud = await startEmulator({ speed: 5 })
  const { email, password, pin } = cloud.account
  const accountLayer = BlinkAccount.layer({
    config: { apiUrl: cloud.url, oauthUrl: cloud.url },
    store: TokenStore.layerMemory,
  }).pipe(Layer.provide(NodeHttpClient.layerUndici))
  const runtime = ManagedRuntime.make(services)
  const context = await runtime.context()
  const monitors = Context.get(context, AccountMonitors)
  const addAccount = Effect.gen(function* () {
    const signedIn = yield* Layer.build(accountLayer)
    const session = Context.get(signedIn, Session)
    yield* session.signIn({ email, password: Redacted.make(password) })
    yield* session.submitPin(Redacted.make(pin))
    const monitor = yield* monitors.add(Layer.succeedContext(signedIn), {
      email,
      stateInterval: "500 millis",
      clipInterval: "250 millis",
    })
    // Waits for the first snapshot, so that the page has data when it opens.
    yield* monitor.refresh
  })
  const scope = Scope.makeUnsafe()
  await runtime.runPromise(Scope.provide(addAccount, scope))
  const { close, ...server } = await startServer(runtime, serve)
  return {
    ...server,
    cloud,
    state: () =>
      runtime.runPromise(
        Effect.map(Context.get(context, EventLog).snapshot, ({ state }) => state.accounts[0]!),
      ),
    appendEvents: async (events) => {
      const { account } = events[0]!.subject
      await runtime.runPromise(Context.get(context, EventLog).append({ account, events }))
    },
    revokeClient: () =>
      runtime.runPromise(
        Effect.gen(function* () {
          const [monitor] = (yield* SubscriptionRef.get(monitors.monitors)).values()
          const authContext = yield* monitor!.session.current
          yield* Effect.promise(() =>
            fetch(`${cloud.url}/api/v4/clients/${authContext.registrationId}/logout`, {
              method: "POST",
              headers: { authorization: `Bearer ${Redacted.value(authContext.token)}` },
            }),
          )
        }),
      ),
    link: async () => {
      const code = await runtime.runPromise(Context.get(context, Tokens).createCode())
      return `${server.url}#code=${Redacted.value(code)}`
    },
    [Symbol.asyncDispose]: async () => {
      await Effect.runPromise(Scope.close(scope, Exit.void))
      await close()
      await cloud.close()
    },
  }
}
