import type { CloudSettingsInput, TokenStore } from "@blink-streams/core"
import type { Layer } from "effect"
import type { AccountMonitorOptions } from "../../AccountMonitorContract.ts"

/** Input that a person has to provide. `attempt` counts from 1; higher after a wrong code. */
export type SignInPrompt =
  | { readonly kind: "email" | "password" }
  | { readonly kind: "two_factor"; readonly attempt: number; readonly channel: string }

/** Session, sign-in and polling of one account. */
export interface MonitorAccountOptions extends AccountMonitorOptions {
  /** Store of the session, such as `fileStore(path)`. */
  readonly store: Layer.Layer<TokenStore>
  /** Returns the email, password or code of a sign-in. Without it, a saved session is required. */
  readonly onPrompt?: (prompt: SignInPrompt) => Promise<string>
  readonly dialect?: CloudSettingsInput["dialect"]
  readonly apiUrl?: CloudSettingsInput["apiUrl"]
  readonly oauthUrl?: CloudSettingsInput["oauthUrl"]
}
