import type { Client, CommandRequest, Json } from "@blink-streams/client"
import { CliError } from "../errors/CliError.ts"
import { fromRequestError } from "../errors/fromRequestError.ts"

/**
 * Sends a command and resolves with its result once it is verified. Prints each status on standard error when that is a
 * terminal. Rejects with a `CliError` after `timeout` milliseconds or when the command fails.
 */
export const runCommand = async (
  client: Client,
  request: CommandRequest,
  label: string,
  timeout: number,
): Promise<Json> => {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), timeout)
  const showsProgress = process.stderr.isTTY
  if (showsProgress) process.stderr.write(`${label}: sent`)
  try {
    const value = await client.command(
      { ...request, timeoutMs: timeout },
      {
        signal: controller.signal,
        onStatus: (status) => showsProgress && process.stderr.write(` → ${status}`),
      },
    )
    if (showsProgress) process.stderr.write(" → verified\n")
    return value
  } catch (error) {
    if (showsProgress) process.stderr.write("\n")
    throw controller.signal.aborted
      ? new CliError(
          "timedOut",
          `${label}: not confirmed within ${Math.round(timeout / 1_000)} s; it may still take effect`,
        )
      : fromRequestError(error)
  } finally {
    clearTimeout(timer)
  }
}
