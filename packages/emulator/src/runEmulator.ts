import { Console, Effect, Layer } from "effect"
import { Emulator } from "./Emulator.ts"
import type { EmulatorOptions } from "./EmulatorOptions.ts"
import type { PortUnavailable } from "./PortUnavailable.ts"
import type { ControlError } from "./ControlError.ts"

/** Default port of `runEmulator` and of `blink-streams emulator`. */
export const defaultPort = 25_466

/** Starts an emulated cloud, prints its URL and credentials, and serves until it is interrupted. Default port: 25466. */
export const runEmulator = (
  options: EmulatorOptions = {},
): Effect.Effect<never, PortUnavailable | ControlError> =>
  Effect.gen(function* () {
    const { url, account } = yield* Emulator
    yield* Console.log(
      [
        `Emulated Blink cloud at ${url}`,
        `  account   ${account.email}`,
        `  password  ${account.password}`,
        `  PIN       ${account.pin}`,
        `  control   ${url}/__emulator/world`,
      ].join("\n"),
    )
    return yield* Effect.never
  }).pipe(Effect.provide(Emulator.layer({ ...options, port: options.port ?? defaultPort }).pipe(Layer.fresh)))
