import { Layer } from "effect"
import type { HttpClient } from "effect/http"
import { BlinkApi } from "./BlinkApi.ts"
import { BlinkConfig, type CloudSettingsInput } from "./BlinkConfig.ts"
import { Budget } from "./Budget.ts"
import { Commands } from "./Commands.ts"
import { Drift } from "./Drift.ts"
import { LiveView } from "./LiveView.ts"
import { LocalStorage } from "./LocalStorage.ts"
import { NetworkQueue } from "./NetworkQueue.ts"
import { Session } from "./Session.ts"
import type { TokenStore } from "./TokenStore.ts"

/** Services of one account. */
export type BlinkServices =
  | BlinkConfig
  | TokenStore
  | Session
  | Budget
  | BlinkApi
  | Commands
  | Drift
  | NetworkQueue
  | LocalStorage
  | LiveView

export interface AccountOptions {
  readonly config?: CloudSettingsInput
  readonly store: Layer.Layer<TokenStore>
}

/**
 * Layer with all services of one account, over any `HttpClient`. Two accounts are two layers that share
 * nothing.
 *
 * @example
 * ```ts
 * const account = BlinkAccount.layer({ store: TokenStore.layerFile("./session.json") })
 * const program = BlinkApi.use((api) => api.snapshot)
 * Effect.runPromise(program.pipe(Effect.provide(account), Effect.provide(FetchHttpClient.layer)))
 * ```
 */
export const layer = ({
  config,
  store,
}: AccountOptions): Layer.Layer<BlinkServices, never, HttpClient.HttpClient> =>
  Layer.fresh(
    Layer.mergeAll(Commands.layer, LocalStorage.layer, LiveView.layer).pipe(
      Layer.provideMerge(BlinkApi.layer),
      Layer.provideMerge(Session.layer),
      Layer.provideMerge(Layer.mergeAll(Budget.layer, Drift.layer, NetworkQueue.layer)),
      Layer.provideMerge(Layer.mergeAll(BlinkConfig.layer(config), store)),
    ),
  )
