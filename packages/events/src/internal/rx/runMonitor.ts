import { Context, type Layer, ManagedRuntime } from "effect"
import { Observable } from "rxjs"
import { AccountMonitor } from "../../AccountMonitor.ts"
import type { AccountMonitorContract } from "../../AccountMonitorContract.ts"

/**
 * Runs the monitor of `layer` while there is a subscriber. The next one starts after the previous one has stopped.
 * `stopped` resolves once the last one has.
 */
export const runMonitor = <E>(layer: Layer.Layer<AccountMonitor, E>) => {
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
