import type { Layer } from "effect"
import type { HttpClient } from "effect/http"
import type { BlinkApi } from "./BlinkApi.ts"
import type { BlinkConfig, Settings } from "./BlinkConfig.ts"
import type { Budget } from "./Budget.ts"
import type { Commands } from "./Commands.ts"
import type { Drift } from "./Drift.ts"
import type { Session } from "./Session.ts"
import type { TokenStore } from "./TokenStore.ts"

/** All services of one account. Two accounts are two layers that share nothing. */
export type BlinkServices = BlinkConfig | TokenStore | Session | Budget | BlinkApi | Commands | Drift

export interface AccountOptions {
  readonly config?: Partial<Settings>
  readonly store: Layer.Layer<TokenStore>
}

/** `BlinkAccount.layer({ config, store })`: everything one account needs, over any `HttpClient`. */
export declare const layer: (
  options: AccountOptions,
) => Layer.Layer<BlinkServices, never, HttpClient.HttpClient>
