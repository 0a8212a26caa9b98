import { Context, type Effect, ManagedRuntime } from "effect"
import type { AccountInput, ClockInput, ResetInput } from "./internal/control/makeControl.ts"
import { Emulator } from "./Emulator.ts"
import type { EmulatorOptions } from "./EmulatorOptions.ts"
import type { Fault } from "./internal/http/Fault.ts"
import type { ChangeInput, MediaChangeInput, MotionInput } from "./internal/control/applyInput.ts"

type EmulatorService = Context.Service.Shape<typeof Emulator>
type PromisedResult<K extends keyof EmulatorService> = EmulatorService[K] extends (
  ...args: never
) => Effect.Effect<infer A, unknown>
  ? Promise<A>
  : never

/** A running cloud for code that knows promises. `await using` ends it. */
export interface EmulatedCloud extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`: REST, OAuth and media hosts are all this one origin. */
  readonly url: string
  readonly account: EmulatorService["account"]
  readonly world: () => Promise<Effect.Success<EmulatorService["world"]>>
  readonly requests: (since?: number) => PromisedResult<"requests">
  readonly motion: (input: MotionInput) => PromisedResult<"motion">
  readonly change: (input: ChangeInput) => PromisedResult<"change">
  readonly media: (input: MediaChangeInput) => PromisedResult<"media">
  readonly fault: (input: Fault) => PromisedResult<"fault">
  readonly faults: { readonly clear: (id?: number) => Promise<void> }
  readonly clock: (input: typeof ClockInput.Type) => PromisedResult<"clock">
  readonly expireTokens: (kind: "access" | "refresh") => Promise<void>
  readonly revokeTokens: (kind: "access" | "refresh") => Promise<void>
  readonly addAccount: (input: typeof AccountInput.Type) => PromisedResult<"addAccount">
  readonly reset: (input?: typeof ResetInput.Type) => Promise<void>
  readonly close: () => Promise<void>
}

/** Starts a cloud on the loopback interface. Rejects with `PortTaken` or `OrderRefused`. */
export const startEmulator = async (options: EmulatorOptions = {}): Promise<EmulatedCloud> => {
  const runtime = ManagedRuntime.make(Emulator.layer(options))
  const cloud = Context.get(await runtime.context(), Emulator)
  const run = <A, E>(effect: Effect.Effect<A, E>): Promise<A> => runtime.runPromise(effect)
  const close = () => runtime.dispose()
  return {
    url: cloud.url,
    account: cloud.account,
    world: () => run(cloud.world),
    requests: (since) => run(cloud.requests(since)),
    motion: (input) => run(cloud.motion(input)),
    change: (input) => run(cloud.change(input)),
    media: (input) => run(cloud.media(input)),
    fault: (input) => run(cloud.fault(input)),
    faults: { clear: (id) => run(cloud.clearFaults(id)) },
    clock: (input) => run(cloud.clock(input)),
    expireTokens: (kind) => run(cloud.expireTokens(kind)),
    revokeTokens: (kind) => run(cloud.revokeTokens(kind)),
    addAccount: (input) => run(cloud.addAccount(input)),
    reset: (input) => run(cloud.reset(input)),
    close,
    [Symbol.asyncDispose]: close,
  }
}
