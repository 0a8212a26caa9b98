import { Cause, Effect, Exit, Logger } from "effect"
import { toCliError } from "./errors/toCliError.ts"

/** npm passes on the Ctrl-C that the terminal has sent already: this close, two are one. */
const duplicateSignalMillis = 300
/** After that long, whoever still holds a socket open is not waited for. */
const shutdownTimeoutMillis = 1_500

/** The answer of a command says it all: what went wrong is in it, or in the one line at the end. */
export const noLogging = Logger.layer([])

/** Runs `program` to its end. Its failure becomes a rejection. */
export const run = async <A, E>(program: Effect.Effect<A, E>, signal?: AbortSignal): Promise<A> => {
  const exit = await Effect.runPromiseExit(Effect.provide(program, noLogging), signal ? { signal } : {})
  if (Exit.isSuccess(exit)) return exit.value
  throw toCliError(Cause.squash(exit.cause))
}

/**
 * Runs `program` until it ends or somebody stops it (Ctrl-C, SIGTERM, a closed terminal), which is a fine end.
 * Its finalizers have run when this resolves; a second Ctrl-C does not wait for them.
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
