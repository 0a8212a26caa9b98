import type { EmulatorOptions } from "@blink-streams/emulator"
import { readFile } from "node:fs/promises"
import { Failure, reasonOf } from "./Failure.ts"

const named = ["quiet", "house", "busy"] as const

/** A scenario that comes with the emulator, or one from a file. */
export const readScenario = async (nameOrPath: string): Promise<NonNullable<EmulatorOptions["scenario"]>> => {
  const name = named.find((each) => each === nameOrPath)
  if (name) return name
  let value: unknown
  try {
    value = JSON.parse(await readFile(nameOrPath, "utf8"))
  } catch (cause) {
    throw new Failure(
      "usage",
      `--scenario is "${nameOrPath}": expected ${named.join(", ")} or a file of timed steps (${reasonOf(cause)})`,
    )
  }
  const { decodeScenario } = await import("@blink-streams/emulator")
  const { Result } = await import("effect")
  return Result.getOrThrowWith(
    decodeScenario(value),
    ({ message }) => new Failure("usage", `--scenario ${nameOrPath}: ${message}`),
  )
}
