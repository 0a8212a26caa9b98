import { BlinkAccount, Session, TokenStore } from "@blink-streams/core"
import { type Cloud, emulator } from "@blink-streams/emulator"
import { EventLog } from "@blink-streams/events/EventLog"
import { Homes } from "@blink-streams/events/Homes"
import { serve, Tokens } from "@blink-streams/server"
import type { AccountState, HomeEvent } from "@blink-streams/model"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Context, Effect, Exit, Layer, ManagedRuntime, Redacted, Scope, SubscriptionRef } from "effect"
import { openServer, type Stage } from "./stage.ts"

/** Everything from the emulated cloud to the page. */
export interface CloudStage extends Omit<Stage, "append"> {
  /** What the account has come to, as the log has it. */
  state(): Promise<AccountState>
  /** Adds facts to the log as if they had been seen. */
  tell(events: ReadonlyArray<HomeEvent>): Promise<void>
  readonly cloud: Cloud
  /** What the owner does in the vendor's app: this install is no longer known, and nothing it holds works. */
  forgetInstall(): Promise<void>
}

const services = Layer.mergeAll(
  Homes.layer.pipe(Layer.provideMerge(EventLog.layerMemory)),
  Tokens.layerMemory(),
  NodeHttpServer.layerHttpServices,
)

export const openCloudStage = async (): Promise<CloudStage> => {
  const cloud = await emulator()
  const { email, password, pin } = cloud.account
  const account = BlinkAccount.layer({
    config: { apiUrl: cloud.url, oauthUrl: cloud.url },
    store: TokenStore.layerMemory,
  }).pipe(Layer.provide(NodeHttpClient.layerUndici))
  const runtime = ManagedRuntime.make(services)
  const context = await runtime.context()
  const homes = Context.get(context, Homes)
  const addHome = Effect.gen(function* () {
    const signedIn = yield* Layer.build(account)
    const session = Context.get(signedIn, Session)
    yield* session.signIn({ email, password: Redacted.make(password) })
    yield* session.answerPin(Redacted.make(pin))
    const home = yield* homes.add(Layer.succeedContext(signedIn), {
      email,
      pollHome: "1 second",
      pollMedia: "500 millis",
    })
    // The first look is done: whoever opens the page finds a home.
    yield* home.refresh
  })
  const scope = Scope.makeUnsafe()
  await runtime.runPromise(Scope.provide(addHome, scope))
  const { close, ...server } = await openServer(runtime, serve)
  return {
    ...server,
    cloud,
    state: () =>
      runtime.runPromise(Effect.map(Context.get(context, EventLog).cut, ({ state }) => state.accounts[0]!)),
    tell: async (events) => {
      const { account } = events[0]!.subject
      await runtime.runPromise(Context.get(context, EventLog).append({ account, events }))
    },
    forgetInstall: () =>
      runtime.runPromise(
        Effect.gen(function* () {
          const [home] = (yield* SubscriptionRef.get(homes.all)).values()
          const grant = yield* home!.session.current
          yield* Effect.promise(() =>
            fetch(`${cloud.url}/api/v4/clients/${grant.registrationId}/logout`, {
              method: "POST",
              headers: { authorization: `Bearer ${Redacted.value(grant.token)}` },
            }),
          )
        }),
      ),
    link: async () => {
      const code = await runtime.runPromise(Context.get(context, Tokens).makeCode())
      return `${server.url}#code=${Redacted.value(code)}`
    },
    [Symbol.asyncDispose]: async () => {
      await Effect.runPromise(Scope.close(scope, Exit.void))
      await close()
      await cloud.close()
    },
  }
}
