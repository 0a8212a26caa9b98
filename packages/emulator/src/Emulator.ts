import { Clock, Context, Effect, Layer, Result } from "effect"
import {
  type AccountInput,
  type ClockInput,
  type Control,
  makeControl,
  type ResetInput,
} from "./internal/control/makeControl.ts"
import { Engine } from "./internal/engine/Engine.ts"
import { type PortUnavailable, serve } from "./internal/http/serve.ts"
import { makeRelay } from "./internal/liveview/relay.ts"
import { type EmulatorOptions, resolveOptions } from "./EmulatorOptions.ts"
import { ControlError } from "./ControlError.ts"
import { makeControlApi } from "./internal/control/makeControlApi.ts"
import type { ChangeInput, MediaChangeInput, MotionInput } from "./internal/control/applyInput.ts"
import type { Fault } from "./internal/http/Fault.ts"
import { defaultAccount } from "./internal/world/fixtures.ts"

type GroundTruth = ReturnType<Control["world"]>

/** A running cloud. Each member is one call of the control door, and takes the same body. */
export class Emulator extends Context.Service<
  Emulator,
  {
    /** REST, OAuth and media hosts are all this one origin. */
    readonly url: string
    readonly account: { readonly email: string; readonly password: string; readonly pin: string }
    /** Everything there is, told by the world itself and not by what the cloud shows of it. */
    readonly world: Effect.Effect<GroundTruth>
    readonly requests: (since?: number) => Effect.Effect<ReturnType<Control["requests"]>["requests"]>
    readonly motion: (input: MotionInput) => Effect.Effect<{ readonly id: number | null }, ControlError>
    readonly change: (input: ChangeInput) => Effect.Effect<void, ControlError>
    readonly media: (input: MediaChangeInput) => Effect.Effect<void, ControlError>
    readonly fault: (input: Fault) => Effect.Effect<{ readonly id: number }, ControlError>
    /** All of them where no id is given. */
    readonly clearFaults: (id?: number) => Effect.Effect<void>
    readonly clock: (input: typeof ClockInput.Type) => Effect.Effect<void, ControlError>
    readonly expireTokens: (kind: "access" | "refresh") => Effect.Effect<void>
    readonly revokeTokens: (kind: "access" | "refresh") => Effect.Effect<void>
    readonly addAccount: (input: typeof AccountInput.Type) => Effect.Effect<AddedAccounts, ControlError>
    readonly reset: (input?: typeof ResetInput.Type) => Effect.Effect<void, ControlError>
  }
>()("@blink-streams/emulator/Emulator") {
  /** Listens on 127.0.0.1 until the layer's scope ends. Emulated time follows Effect's clock. */
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
    yield* Effect.fromResult(
      Result.mapError(
        engine.startScenario(),
        ({ field, message }) => new ControlError({ field, message: `${field}: ${message}` }),
      ),
    )
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
