import { Console, Effect, Layer } from "effect"
import { Emulator } from "./Emulator.ts"
import type { EmulatorOptions } from "./EmulatorOptions.ts"
import type { PortUnavailable } from "./internal/http/serve.ts"
import type { ControlError } from "./ControlError.ts"

/** Where `blink-streams emulator` listens if nobody says otherwise. */
export const defaultPort = 25_466

/** Starts a cloud, says where it is and how to sign in, and serves until it is interrupted. */
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
