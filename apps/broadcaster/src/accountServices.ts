import { BlinkAccount, type Settings, TokenStore } from "@blink-streams/core"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Layer } from "effect"

export interface AccountConfig {
  /** Where the cloud is and how it is spoken to; what is left out is the vendor's. */
  readonly cloud: Partial<Settings>
  /** The session file; the account's own, of mode 0600. */
  readonly sessionFile: string
}

/** Everything that one account needs, with its session in a file. */
export const accountServices = ({ cloud, sessionFile }: AccountConfig) =>
  BlinkAccount.layer({
    config: cloud,
    store: TokenStore.layerFile(sessionFile).pipe(Layer.provide(NodeServices.layer)),
  }).pipe(Layer.provide(NodeHttpClient.layerUndici))
