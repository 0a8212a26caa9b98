import { BlinkAccount, Session, TokenStore } from "@blink-streams/core"
import { type Cloud, emulator } from "@blink-streams/emulator"
import { EventLog } from "@blink-streams/events/EventLog"
import { Homes } from "@blink-streams/events/Homes"
import { serve, Tokens } from "@blink-streams/server"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Context, Effect, Layer, ManagedRuntime, Redacted, SubscriptionRef } from "effect"
import { openServer, type Stage } from "./stage.ts"

/** Everything from the emulated cloud to the page. */
export interface CloudStage extends Omit<Stage, "append"> {
  readonly cloud: Cloud
  /** What the owner does in the vendor's app: this install is no longer known, and nothing it holds works. */
  forgetInstall(): Promise<void>
}

const services = Layer.mergeAll(
  Homes.layer.pipe(Layer.provide(EventLog.layerMemory)),
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
    yield* homes.add(Layer.succeedContext(signedIn), {
      email,
      pollHome: "1 second",
      pollMedia: "500 millis",
    })
  })
  const { close, ...server } = await openServer(runtime, (options) => Effect.andThen(addHome, serve(options)))
  return {
    ...server,
    cloud,
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
      await close()
      await cloud.close()
    },
  }
}
