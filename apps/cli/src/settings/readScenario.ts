import type { EmulatorOptions } from "@blink-streams/emulator"
import { readFile } from "node:fs/promises"
import { CliError, messageOf } from "../errors/CliError.ts"

const builtIn = ["quiet", "house", "busy"] as const

/** A scenario that comes with the emulator, or one from a file. */
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
