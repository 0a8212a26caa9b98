import type { EmulatorOptions } from "@blink-streams/emulator"
import { readFile } from "node:fs/promises"
import { CliError, messageOf } from "../errors/CliError.ts"

const builtIn = ["quiet", "home", "busy"] as const

/** Returns the name of a built-in scenario, or reads a scenario from a JSON file. Throws a `CliError` when it is invalid. */
export const readScenario = async (nameOrPath: string): Promise<NonNullable<EmulatorOptions["scenario"]>> => {
  const name = builtIn.find((each) => each === nameOrPath)
  if (name) return name
  let value: unknown
  try {
    value = JSON.parse(await readFile(nameOrPath, "utf8"))
  } catch (cause) {
    throw new CliError(
      "usage",
      `--scenario is "${nameOrPath}": expected ${builtIn.join(", ")} or a file of timed steps (${messageOf(cause)})`,
    )
  }
  const { decodeScenario } = await import("@blink-streams/emulator")
  const { Result } = await import("effect")
  return Result.getOrThrowWith(
    decodeScenario(value),
    ({ message }) => new CliError("usage", `--scenario ${nameOrPath}: ${message}`),
  )
}
