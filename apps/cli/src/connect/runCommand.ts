import { type Client, RequestError, type CommandRequest, type Json } from "@blink-streams/client"
import { CliError, type ExitReason } from "../errors/CliError.ts"

const exitReasonOf = (error: RequestError): ExitReason =>
  error.code === "connection_closed"
    ? "noConnection"
    : /timeout|timed_out|deadline/.test(error.code)
      ? "timedOut"
      : /sign_in|session|reauth|two_factor/.test(error.code)
        ? "signInNeeded"
        : "failed"

/** Converts a `RequestError` of the client into a `CliError`. Returns any other error unchanged. */
const toCommandError = (error: unknown): unknown =>
  error instanceof RequestError ? new CliError(exitReasonOf(error), error.message) : error

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
      : toCommandError(error)
  } finally {
    clearTimeout(timer)
  }
}
