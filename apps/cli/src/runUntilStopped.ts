import { Cause, Effect, Exit, Logger } from "effect"
import { toFailure } from "./toFailure.ts"

/** npm passes on the Ctrl-C that the terminal has sent already: this close, two are one. */
const echoMillis = 300
/** After that long, whoever still holds a socket open is not waited for. */
const patienceMillis = 1_500

/** The answer of a command says it all: what went wrong is in it, or in the one line at the end. */
export const silent = Logger.layer([])

/** Runs `program` to its end. Its failure becomes a rejection. */
export const run = async <A, E>(program: Effect.Effect<A, E>, signal?: AbortSignal): Promise<A> => {
  const exit = await Effect.runPromiseExit(Effect.provide(program, silent), signal ? { signal } : {})
  if (Exit.isSuccess(exit)) return exit.value
  throw toFailure(Cause.squash(exit.cause))
}

/**
 * Runs `program` until it ends or somebody stops it (Ctrl-C, SIGTERM, a closed terminal), which is a fine end.
 * Its finalizers have run when this resolves; a second Ctrl-C does not wait for them.
 */
export const runUntilStopped = async <A, E>(program: Effect.Effect<A, E>): Promise<void> => {
  const stopping = new AbortController()
  let stoppedAt = 0
  const stop = (): void => {
    if (!stopping.signal.aborted) {
      stoppedAt = Date.now()
      stopping.abort()
      setTimeout(() => process.exit(0), patienceMillis).unref()
    } else if (Date.now() - stoppedAt > echoMillis) process.exit(0)
  }
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const
  for (const signal of signals) process.on(signal, stop)
  try {
    await run(program, stopping.signal)
  } catch (error) {
    if (!stopping.signal.aborted) throw error
  } finally {
    for (const signal of signals) process.off(signal, stop)
  }
}
