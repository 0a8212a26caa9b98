import { Cause, Effect, Exit, Logger } from "effect"
import { toCliError } from "./errors/toCliError.ts"

/** npm forwards the Ctrl-C that the terminal already sent; two signals within this time count as one. */
const duplicateSignalMillis = 300
/** The process exits after this time even when a socket is still open. */
const shutdownTimeoutMillis = 1_500

/** Disables logging: short commands report errors in their output or in one final line. */
export const noLogging = Logger.layer([])

/** Runs `program`. Rejects with its failure, converted by `toCliError`. */
export const run = async <A, E>(program: Effect.Effect<A, E>, signal?: AbortSignal): Promise<A> => {
  const exit = await Effect.runPromiseExit(Effect.provide(program, noLogging), signal ? { signal } : {})
  if (Exit.isSuccess(exit)) return exit.value
  throw toCliError(Cause.squash(exit.cause))
}

/**
 * Runs `program` until it ends or is stopped by SIGINT (Ctrl-C), SIGTERM or SIGHUP; both are a success. Resolves after
 * its finalizers have run; a second Ctrl-C exits without waiting for them.
 */
export const runUntilStopped = async <A, E>(program: Effect.Effect<A, E>): Promise<void> => {
  const controller = new AbortController()
  let stoppedAt = 0
  const stop = (): void => {
    if (!controller.signal.aborted) {
      stoppedAt = Date.now()
      controller.abort()
      setTimeout(() => process.exit(0), shutdownTimeoutMillis).unref()
    } else if (Date.now() - stoppedAt > duplicateSignalMillis) process.exit(0)
  }
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const
  for (const signal of signals) process.on(signal, stop)
  try {
    await run(program, controller.signal)
  } catch (error) {
    if (!controller.signal.aborted) throw error
  } finally {
    for (const signal of signals) process.off(signal, stop)
  }
}
