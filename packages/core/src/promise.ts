import type { SessionState } from "@blink-streams/model/HomeState"
import type { Snapshot } from "@blink-streams/model/Snapshot"
import type { Timestamp } from "@blink-streams/model/Timestamp"
import {
  Context,
  Effect,
  Layer,
  ManagedRuntime,
  Redacted,
  type Schema,
  Stream,
  SubscriptionRef,
} from "effect"
import { FetchHttpClient } from "effect/http"
import { type AccountOptions, layer } from "./BlinkAccount.ts"
import { BlinkApi, type MediaPage } from "./BlinkApi.ts"
import type { BlinkError } from "./BlinkError.ts"
import { type CommandProgress, Commands } from "./Commands.ts"
import type { Endpoint, Input } from "./Endpoint.ts"
import { Session } from "./Session.ts"
import type { Wish } from "./Wish.ts"

interface CallOptions {
  readonly signal?: AbortSignal
}

/** One account for code that knows promises. Each call rejects with `BlinkError`; `await using` closes it. */
export interface Account extends AsyncDisposable {
  readonly session: () => SessionState
  /** `attended`: a person asked for this just now. Ends in `active` or in `awaitingPin`. */
  signIn(credentials: {
    readonly email: string
    readonly password: string
    readonly attended?: boolean
  }): Promise<SessionState>
  answerPin(pin: string): Promise<SessionState>
  signOut(): Promise<void>
  snapshot(options?: CallOptions): Promise<Snapshot>
  media(since: Timestamp | null, page: number, options?: CallOptions): Promise<MediaPage>
  bytes(path: string, options?: CallOptions): Promise<Uint8Array>
  call<Path extends string, Query, Body, Answer>(
    endpoint: Endpoint<Path, Query, Body, Answer>,
    input: Input<Path, Query, Body>,
    options?: CallOptions,
  ): Promise<Answer>
  /** Resolves with the command's value once the home shows it. Aborting stops the waiting, not what was sent. */
  run(
    wish: Wish,
    options?: CallOptions & { readonly onProgress?: (progress: CommandProgress) => void },
  ): Promise<Schema.Json | null>
}

/** Opens an account over `fetch`. Loads neither RxJS nor anything that polls. */
export const openAccount = async (options: AccountOptions): Promise<Account> => {
  const runtime = ManagedRuntime.make(Layer.provide(layer(options), FetchHttpClient.layer))
  const services = await runtime.context()
  const api = Context.get(services, BlinkApi)
  const session = Context.get(services, Session)
  const commands = Context.get(services, Commands)

  const run = <A>(effect: Effect.Effect<A, BlinkError>, { signal }: CallOptions = {}): Promise<A> =>
    runtime.runPromise(effect, signal === undefined ? {} : { signal })
  const state = () => SubscriptionRef.getUnsafe(session.state)

  return {
    session: state,
    signIn: async ({ password, ...credentials }) => {
      await run(session.signIn({ ...credentials, password: Redacted.make(password) }))
      return state()
    },
    answerPin: async (pin) => {
      await run(session.answerPin(Redacted.make(pin)))
      return state()
    },
    signOut: () => run(session.logout),
    snapshot: (options) => run(api.snapshot, options),
    media: (since, page, options) => run(api.media(since, page), options),
    bytes: (path, options) => run(api.bytes(path), options),
    call: (endpoint, input, options) => run(api.call(endpoint, input), options),
    run: async (wish, options) => {
      let value: Schema.Json | null = null
      const told = Stream.runForEach(commands.run(wish), (progress) =>
        Effect.sync(() => {
          value = progress.value ?? null
          options?.onProgress?.(progress)
        }),
      )
      await run(told, options)
      return value
    },
    [Symbol.asyncDispose]: () => runtime.dispose(),
  }
}
