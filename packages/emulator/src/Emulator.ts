import { Clock, Context, Effect, Layer, Result } from "effect"
import { type AccountOrder, type ClockOrder, type Control, control, type ResetOrder } from "./control.ts"
import { Engine } from "./Engine.ts"
import { type PortTaken, serve } from "./http/serve.ts"
import { makeRelay } from "./liveview/relay.ts"
import { type EmulatorOptions, readOptions } from "./EmulatorOptions.ts"
import { OrderRefused } from "./OrderRefused.ts"
import { controlDoor } from "./routes/controlDoor.ts"
import type { Change, MediaChange, Motion } from "./world/orders.ts"
import type { Fault } from "./http/Fault.ts"
import { household } from "./world/population.ts"

type Truth = ReturnType<Control["world"]>

/** A running cloud. Each member is one call of the control door, and takes the same body. */
export class Emulator extends Context.Service<
  Emulator,
  {
    /** REST, OAuth and media hosts are all this one origin. */
    readonly url: string
    readonly account: { readonly email: string; readonly password: string; readonly pin: string }
    /** Everything there is, told by the world itself and not by what the cloud shows of it. */
    readonly world: Effect.Effect<Truth>
    readonly requests: (since?: number) => Effect.Effect<ReturnType<Control["requests"]>["requests"]>
    readonly motion: (order: Motion) => Effect.Effect<{ readonly id: number | null }, OrderRefused>
    readonly change: (order: Change) => Effect.Effect<void, OrderRefused>
    readonly media: (order: MediaChange) => Effect.Effect<void, OrderRefused>
    readonly fault: (order: Fault) => Effect.Effect<{ readonly id: number }, OrderRefused>
    /** All of them where no id is given. */
    readonly clearFaults: (id?: number) => Effect.Effect<void>
    readonly clock: (order: typeof ClockOrder.Type) => Effect.Effect<void, OrderRefused>
    readonly expireTokens: (kind: "access" | "refresh") => Effect.Effect<void>
    readonly revokeTokens: (kind: "access" | "refresh") => Effect.Effect<void>
    readonly addAccount: (order: typeof AccountOrder.Type) => Effect.Effect<AddedAccounts, OrderRefused>
    readonly reset: (order?: typeof ResetOrder.Type) => Effect.Effect<void, OrderRefused>
  }
>()("@blink-streams/emulator/Emulator") {
  /** Listens on 127.0.0.1 until the layer's scope ends. Emulated time follows Effect's clock. */
  static readonly layer = (options: EmulatorOptions = {}): Layer.Layer<Emulator, PortTaken | OrderRefused> =>
    Layer.effect(Emulator, make(options))
}

type AddedAccounts = Result.Result.Success<ReturnType<Control["addAccount"]>>

const obey = <A>(outcome: () => Result.Result<A, OrderRefused>) =>
  Effect.suspend(() => Effect.fromResult(outcome()))

const make = (options: EmulatorOptions) =>
  Effect.gen(function* () {
    const clock = yield* Clock.Clock
    const { port: wanted, startAt, speed, start } = yield* Effect.fromResult(readOptions(options))
    const secure = yield* makeRelay({ world: () => engine.world, now: () => engine.now })
    const { port } = yield* serve({
      port: wanted,
      now: () => engine.now,
      secure,
      answer: (request) =>
        request.path.startsWith("/__emulator/")
          ? { answer: door(request), drop: false, truncate: false, delayMs: 0, dripMs: 0 }
          : engine.answer(request),
    })
    const engine: Engine = new Engine({
      realNow: () => clock.currentTimeMillisUnsafe(),
      startAt,
      relayPort: port,
      speed,
      start,
    })
    yield* Effect.fromResult(
      Result.mapError(
        engine.begin(),
        ({ field, message }) => new OrderRefused({ field, message: `${field}: ${message}` }),
      ),
    )
    const orders = control(engine)
    const door = controlDoor(orders)
    return Emulator.of({
      url: `http://127.0.0.1:${port}`,
      account: { email: household.email, password: household.password, pin: household.pin },
      world: Effect.sync(orders.world),
      requests: (since = 0) => Effect.sync(() => orders.requests(since).requests),
      motion: (order) => obey(() => orders.motion(order)),
      change: (order) => obey(() => orders.change(order)),
      media: (order) => obey(() => orders.media(order)),
      fault: (order) => obey(() => orders.fault(order)),
      clearFaults: (id) => Effect.sync(() => void orders.removeFault(id ?? null)),
      clock: (order) => Effect.asVoid(obey(() => orders.clock(order))),
      expireTokens: (kind) => Effect.sync(() => void orders.tokens("expire", { kind })),
      revokeTokens: (kind) => Effect.sync(() => void orders.tokens("revoke", { kind })),
      addAccount: (order) => obey(() => orders.addAccount(order)),
      reset: (order = {}) => obey(() => orders.reset(order)),
    })
  })
