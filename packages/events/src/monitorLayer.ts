import type { BlinkError } from "@blink-streams/core"
import { Layer } from "effect"
import type { AccountLeaseHeld } from "./AccountLease.ts"
import { AccountMonitor } from "./AccountMonitor.ts"
import { accountServices } from "./internal/setup/accountServices.ts"
import { eventLogLayer } from "./internal/setup/eventLogLayer.ts"
import type { MonitorAccountOptions } from "./internal/setup/MonitorAccountOptions.ts"
import type { LogError } from "./LogError.ts"

/**
 * The monitor of one account with a log of its own, over `fetch`, from the options of `monitorAccount`. Without `log` the
 * log is in memory.
 *
 * @example
 * ```ts
 * const store = TokenStore.layerFile("session.json")
 * const program = AccountMonitor.use(({ handleEvents }) => handleEvents({ reader: "porch" }, Effect.log))
 * Effect.runPromise(Effect.provide(program, monitorLayer({ store, log: "events.sqlite" })))
 * ```
 */
export const monitorLayer = ({
  log,
  ...options
}: MonitorAccountOptions & { readonly log?: string }): Layer.Layer<
  AccountMonitor,
  BlinkError | LogError | AccountLeaseHeld
> =>
  AccountMonitor.layer(options).pipe(
    Layer.provide(accountServices(options)),
    Layer.provide(eventLogLayer(log)),
  )
