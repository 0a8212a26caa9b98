import { runEmulator } from "@blink-streams/emulator"
import { Effect } from "effect"
import { CliError } from "../errors/CliError.ts"
import { observability } from "../observability.ts"
import { runUntilStopped } from "../runUntilStopped.ts"
import { readScenario } from "../settings/readScenario.ts"

export interface WorldOptions {
  readonly seed: number
  readonly scenario: string
  readonly speed: number
}

/** `blink-streams emulator`. */
export const emulator = async ({
  port,
  seed,
  scenario,
  speed,
}: WorldOptions & { readonly port: number }): Promise<void> => {
  const world = { seed, speed, scenario: await readScenario(scenario) }
  await runUntilStopped(
    runEmulator({ port, ...world }).pipe(
      Effect.catchTag("PortUnavailable", () =>
        Effect.fail(new CliError("failed", `port ${port} is in use: choose another with --port`)),
      ),
      Effect.provide(observability({ logLevel: "info", logFormat: null })),
    ),
  )
}
