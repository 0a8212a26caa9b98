import { Context, type Layer, ManagedRuntime } from "effect"
import { Observable } from "rxjs"
import { AccountMonitor } from "../../AccountMonitor.ts"
import type { AccountMonitorContract } from "../../AccountMonitorContract.ts"

/** The monitor of an account while it is subscribed to. */
export interface MonitorRun {
  readonly monitor$: Observable<AccountMonitorContract>
  /** Resolves once the last monitor has stopped. */
  readonly stopped: () => Promise<void>
}

/** Runs the monitor of `layer` while there is a subscriber. The next one starts after the previous one has stopped. */
export const runMonitor = <E>(layer: Layer.Layer<AccountMonitor, E>): MonitorRun => {
  let ended = Promise.resolve()
  const monitor$ = new Observable<AccountMonitorContract>((subscriber) => {
    const runtime = ManagedRuntime.make(layer)
    const before = ended
    before
      .then(() => (subscriber.closed ? null : runtime.context()))
      .then(
        (context) => {
          if (context !== null) subscriber.next(Context.get(context, AccountMonitor))
        },
        (cause: unknown) => subscriber.error(cause),
      )
    return () => {
      ended = before.then(() => runtime.dispose())
    }
  })
  return { monitor$, stopped: () => ended }
}
