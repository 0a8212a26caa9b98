import { Clock, Context, Effect, Layer, Result } from "effect"
import type { ControlError } from "./ControlError.ts"
import type {
  AccountInput,
  ChangeInput,
  ClockInput,
  FaultInput,
  MediaChangeInput,
  MotionInput,
} from "./ControlInput.ts"
import type { EmulatorOptions, ResetInput } from "./EmulatorOptions.ts"
import { type Control, makeControl } from "./internal/control/makeControl.ts"
import { makeControlApi } from "./internal/control/makeControlApi.ts"
import { fromInvalidInput } from "./internal/control/toControlError.ts"
import { Engine } from "./internal/engine/Engine.ts"
import { resolveOptions } from "./internal/engine/resolveOptions.ts"
import { serve } from "./internal/http/serve.ts"
import { makeRelay } from "./internal/liveview/relay.ts"
import { defaultAccount } from "./internal/world/fixtures.ts"
import type { PortUnavailable } from "./PortUnavailable.ts"

/** State of the emulated world, including what the cloud does not show. */
export type GroundTruth = ReturnType<Control["world"]>

/**
 * A running emulated cloud. Each method is one endpoint of the control API and takes the same body. Methods that take an
 * input fail with `ControlError`, whose `field` names the invalid field.
 *
 * @example
 * ```ts
 * const program = Effect.gen(function* () {
 *   const cloud = yield* Emulator
 *   yield* cloud.fault({ match: { path: "/homescreen" }, times: 2, do: { status: 503 } })
 * }).pipe(Effect.provide(Emulator.layer({ seed: 7 })))
 * ```
 */
export class Emulator extends Context.Service<
  Emulator,
  {
    /** `http://127.0.0.1:PORT`, the origin of the REST, OAuth and media hosts. */
    readonly url: string
    /** Credentials of the default account. */
    readonly account: { readonly email: string; readonly password: string; readonly pin: string }
    /** Ground truth: the state of the world, including what the cloud does not show. */
    readonly world: Effect.Effect<GroundTruth>
    /** Requests of clients whose number `n` is greater than `since` (default 0). */
    readonly requests: (since?: number) => Effect.Effect<ReturnType<Control["requests"]>["requests"]>
    /** Makes a camera record. `id` is the media item, or null when `when_armed` is set and the camera does not record. */
    readonly motion: (input: MotionInput) => Effect.Effect<{ readonly id: number | null }, ControlError>
    /** Changes a network, a camera or a sync module. */
    readonly change: (input: ChangeInput) => Effect.Effect<void, ControlError>
    /** Changes a media item. */
    readonly media: (input: MediaChangeInput) => Effect.Effect<void, ControlError>
    /** Adds a fault. */
    readonly fault: (input: FaultInput) => Effect.Effect<{ readonly id: number }, ControlError>
    /** Removes one fault, or all without `id`. */
    readonly clearFaults: (id?: number) => Effect.Effect<void>
    /** Advances the emulated clock or sets its speed. */
    readonly clock: (input: ClockInput) => Effect.Effect<void, ControlError>
    /** Lets all valid tokens of this kind expire now. */
    readonly expireTokens: (kind: "access" | "refresh") => Effect.Effect<void>
    /** Revokes all tokens of this kind. */
    readonly revokeTokens: (kind: "access" | "refresh") => Effect.Effect<void>
    /** Adds accounts and returns their credentials. */
    readonly addAccount: (input: AccountInput) => Effect.Effect<AddedAccounts, ControlError>
    /** Replaces the world. All sessions, faults and logged requests are gone. */
    readonly reset: (input?: ResetInput) => Effect.Effect<void, ControlError>
  }
>()("@blink-streams/emulator/Emulator") {
  /** Listens on 127.0.0.1 until the scope of the layer closes. Emulated time follows Effect's `Clock`, so `TestClock` moves it. */
  static readonly layer = (
    options: EmulatorOptions = {},
  ): Layer.Layer<Emulator, PortUnavailable | ControlError> => Layer.effect(Emulator, make(options))
}

type AddedAccounts = Result.Result.Success<ReturnType<Control["addAccount"]>>

const suspendResult = <A>(run: () => Result.Result<A, ControlError>) =>
  Effect.suspend(() => Effect.fromResult(run()))

const make = (options: EmulatorOptions) =>
  Effect.gen(function* () {
    const clock = yield* Clock.Clock
    const { port: requestedPort, startAt, speed, config } = yield* Effect.fromResult(resolveOptions(options))
    const acceptTls = yield* makeRelay({ world: () => engine.world, now: () => engine.now })
    const { port } = yield* serve({
      port: requestedPort,
      now: () => engine.now,
      onTls: acceptTls,
      handle: (request) =>
        request.path.startsWith("/__emulator/")
          ? { response: controlApi(request), drop: false, truncate: false, delayMs: 0, dripMs: 0 }
          : engine.handle(request),
    })
    const engine: Engine = new Engine({
      realNow: () => clock.currentTimeMillisUnsafe(),
      startAt,
      relayPort: port,
      speed,
      config,
    })
    yield* Effect.fromResult(Result.mapError(engine.startScenario(), fromInvalidInput))
    const control = makeControl(engine)
    const controlApi = makeControlApi(control)
    return Emulator.of({
      url: `http://127.0.0.1:${port}`,
      account: { email: defaultAccount.email, password: defaultAccount.password, pin: defaultAccount.pin },
      world: Effect.sync(control.world),
      requests: (since = 0) => Effect.sync(() => control.requests(since).requests),
      motion: (input) => suspendResult(() => control.motion(input)),
      change: (input) => suspendResult(() => control.change(input)),
      media: (input) => suspendResult(() => control.media(input)),
      fault: (input) => suspendResult(() => control.fault(input)),
      clearFaults: (id) => Effect.sync(() => void control.removeFault(id ?? null)),
      clock: (input) => Effect.asVoid(suspendResult(() => control.clock(input))),
      expireTokens: (kind) => Effect.sync(() => void control.tokens("expire", { kind })),
      revokeTokens: (kind) => Effect.sync(() => void control.tokens("revoke", { kind })),
      addAccount: (input) => suspendResult(() => control.addAccount(input)),
      reset: (input = {}) => suspendResult(() => control.reset(input)),
    })
  })
