import type { BlinkError } from "@blink-streams/core"
import { Layer } from "effect"
import type { AccountLeaseHeld } from "../../AccountLease.ts"
import { AccountMonitor } from "../../AccountMonitor.ts"
import type { LogError } from "../../LogError.ts"
import { accountServices } from "./accountServices.ts"
import { eventLogLayer } from "./eventLogLayer.ts"
import type { MonitorAccountOptions } from "./MonitorAccountOptions.ts"

/** The monitor of one account with a log of its own: a file, or in memory without `log`. */
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
