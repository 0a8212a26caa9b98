import { BlinkAccount, type CloudSettings, TokenStore } from "@blink-streams/core"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Layer } from "effect"

/** Settings of one account. */
export interface AccountConfig {
  /** Cloud settings that differ from the defaults, such as the URLs of an emulator. */
  readonly cloud: Partial<CloudSettings>
  /** Path of the account's session file, written with mode 0600. */
  readonly sessionFile: string
}

/** All core services of one account, with its session in a file. */
export const accountServices = ({ cloud, sessionFile }: AccountConfig) =>
  BlinkAccount.layer({
    config: cloud,
    store: TokenStore.layerFile(sessionFile).pipe(Layer.provide(NodeServices.layer)),
  }).pipe(Layer.provide(NodeHttpClient.layerUndici))
