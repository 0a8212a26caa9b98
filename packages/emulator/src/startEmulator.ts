import { Context, type Effect, ManagedRuntime } from "effect"
import type { AccountOrder, ClockOrder, ResetOrder } from "./control.ts"
import { Emulator } from "./Emulator.ts"
import type { EmulatorOptions } from "./EmulatorOptions.ts"
import type { Fault } from "./http/Fault.ts"
import type { Change, MediaChange, Motion } from "./world/orders.ts"

type Service = Context.Service.Shape<typeof Emulator>
type Answered<K extends keyof Service> = Service[K] extends (
  ...args: never
) => Effect.Effect<infer A, unknown>
  ? Promise<A>
  : never

/** A running cloud for code that knows promises. `await using` ends it. */
export interface Cloud extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`: REST, OAuth and media hosts are all this one origin. */
  readonly url: string
  readonly account: Service["account"]
  readonly world: () => Promise<Effect.Success<Service["world"]>>
  readonly requests: (since?: number) => Answered<"requests">
  readonly motion: (order: Motion) => Answered<"motion">
  readonly change: (order: Change) => Answered<"change">
  readonly media: (order: MediaChange) => Answered<"media">
  readonly fault: (order: Fault) => Answered<"fault">
  readonly faults: { readonly clear: (id?: number) => Promise<void> }
  readonly clock: (order: typeof ClockOrder.Type) => Answered<"clock">
  readonly expireTokens: (kind: "access" | "refresh") => Promise<void>
  readonly revokeTokens: (kind: "access" | "refresh") => Promise<void>
  readonly addAccount: (order: typeof AccountOrder.Type) => Answered<"addAccount">
  readonly reset: (order?: typeof ResetOrder.Type) => Promise<void>
  readonly close: () => Promise<void>
}

/** Starts a cloud on the loopback interface. Rejects with `PortTaken` or `OrderRefused`. */
export const emulator = async (options: EmulatorOptions = {}): Promise<Cloud> => {
  const runtime = ManagedRuntime.make(Emulator.layer(options))
  const cloud = Context.get(await runtime.context(), Emulator)
  const run = <A, E>(effect: Effect.Effect<A, E>): Promise<A> => runtime.runPromise(effect)
  const close = () => runtime.dispose()
  return {
    url: cloud.url,
    account: cloud.account,
    world: () => run(cloud.world),
    requests: (since) => run(cloud.requests(since)),
    motion: (order) => run(cloud.motion(order)),
    change: (order) => run(cloud.change(order)),
    media: (order) => run(cloud.media(order)),
    fault: (order) => run(cloud.fault(order)),
    faults: { clear: (id) => run(cloud.clearFaults(id)) },
    clock: (order) => run(cloud.clock(order)),
    expireTokens: (kind) => run(cloud.expireTokens(kind)),
    revokeTokens: (kind) => run(cloud.revokeTokens(kind)),
    addAccount: (order) => run(cloud.addAccount(order)),
    reset: (order) => run(cloud.reset(order)),
    close,
    [Symbol.asyncDispose]: close,
  }
}
