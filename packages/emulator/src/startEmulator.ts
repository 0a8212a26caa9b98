import { Context, type Effect, ManagedRuntime } from "effect"
import type {
  AccountInput,
  ChangeInput,
  ClockInput,
  FaultInput,
  MediaChangeInput,
  MotionInput,
} from "./ControlInput.ts"
import { Emulator } from "./Emulator.ts"
import type { EmulatorOptions, ResetInput } from "./EmulatorOptions.ts"

type EmulatorService = Context.Service.Shape<typeof Emulator>
type PromisedResult<K extends keyof EmulatorService> = EmulatorService[K] extends (
  ...args: never
) => Effect.Effect<infer A, unknown>
  ? Promise<A>
  : never

/**
 * A running emulated cloud with a promise API. `await using` closes it. The methods are those of `Emulator`; those that
 * take an input reject with `ControlError`.
 */
export interface EmulatedCloud extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, the origin of the REST, OAuth and media hosts. */
  readonly url: string
  /** Credentials of the default account. */
  readonly account: EmulatorService["account"]
  readonly world: () => Promise<Effect.Success<EmulatorService["world"]>>
  readonly requests: (since?: number) => PromisedResult<"requests">
  readonly motion: (input: MotionInput) => PromisedResult<"motion">
  readonly change: (input: ChangeInput) => PromisedResult<"change">
  readonly media: (input: MediaChangeInput) => PromisedResult<"media">
  readonly fault: (input: FaultInput) => PromisedResult<"fault">
  readonly clearFaults: (id?: number) => Promise<void>
  readonly clock: (input: ClockInput) => PromisedResult<"clock">
  readonly expireTokens: (kind: "access" | "refresh") => Promise<void>
  readonly revokeTokens: (kind: "access" | "refresh") => Promise<void>
  readonly addAccount: (input: AccountInput) => PromisedResult<"addAccount">
  readonly reset: (input?: ResetInput) => Promise<void>
  readonly close: () => Promise<void>
}

/**
 * Starts an emulated cloud on 127.0.0.1. Rejects with `PortUnavailable`, or with `ControlError` when an option is invalid.
 *
 * @example
 * ```ts
 * await using cloud = await startEmulator({ seed: 7, speed: 0 })
 * const { id } = await cloud.motion({ camera: "Porch", publish_after_ms: 30_000 })
 * await cloud.clock({ advance_ms: 30_000 })
 * ```
 */
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
    clearFaults: (id) => run(cloud.clearFaults(id)),
    clock: (input) => run(cloud.clock(input)),
    expireTokens: (kind) => run(cloud.expireTokens(kind)),
    revokeTokens: (kind) => run(cloud.revokeTokens(kind)),
    addAccount: (input) => run(cloud.addAccount(input)),
    reset: (input) => run(cloud.reset(input)),
    close,
    [Symbol.asyncDispose]: close,
  }
}
