import type { Client, CommandRequest, Json } from "@blink-streams/client"
import { Failure } from "./Failure.ts"
import { commandFailure } from "./openHome.ts"

/** Sends a command and waits for its verified end; each step is told on standard error. */
export const runWish = async (
  client: Client,
  request: CommandRequest,
  label: string,
  timeout: number,
): Promise<Json> => {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), timeout)
  const steps = process.stderr.isTTY
  if (steps) process.stderr.write(`${label}: sent`)
  try {
    const value = await client.command(
      { ...request, timeoutMs: timeout },
      { signal: stop.signal, onStatus: (status) => steps && process.stderr.write(` → ${status}`) },
    )
    if (steps) process.stderr.write(" → verified\n")
    return value
  } catch (error) {
    if (steps) process.stderr.write("\n")
    throw stop.signal.aborted
      ? new Failure(
          "timedOut",
          `${label}: no verdict in ${Math.round(timeout / 1_000)} s; it may still take effect`,
        )
      : commandFailure(error)
  } finally {
    clearTimeout(timer)
  }
}
