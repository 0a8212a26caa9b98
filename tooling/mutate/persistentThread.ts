import { join } from "node:path"
import { Worker } from "node:worker_threads"
import type { PoolOptions, PoolWorker } from "vitest/node"

type Listener = Parameters<Worker["on"]>[1]

/** Pool of vitest with one thread that outlives a test run, so that most modules are loaded once. */
export const persistentThread = (mutatedFile: string) => {
  let thread: Worker | undefined

  const startThread = ({ env, execArgv }: PoolOptions): Worker => {
    const started = new Worker(join(import.meta.dirname, "worker.ts"), {
      env,
      execArgv,
      workerData: { mutatedFile },
      stdout: true,
      stderr: true,
    })
    started.stdout.resume()
    started.stderr.resume()
    started.setMaxListeners(0)
    started.once("exit", () => {
      if (thread === started) thread = undefined
    })
    return started
  }

  /** One run of tests in the thread. */
  const createPoolWorker = (options: PoolOptions): PoolWorker => {
    const listeners: Array<readonly [string, Listener]> = []
    const current = () => (thread ??= startThread(options))
    return {
      name: "mutate",
      on: (event, listener) => {
        listeners.push([event, listener])
        current().on(event, listener)
      },
      off: (event, listener) => void thread?.off(event, listener),
      send: (message) => {
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
        if (message.type !== "stop") return current().postMessage(message)
        // The thread goes on with the next run, which must not wait for the end of this one.
        for (const [event, listener] of listeners)
          if (event === "message") listener({ type: "stopped", __vitest_worker_response__: true })
      },
      deserialize: (message) => message,
      start: async () => void current(),
      stop: async () => {
        for (const [event, listener] of listeners) thread?.off(event, listener)
      },
    }
  }

  return {
    pool: { name: "mutate", createPoolWorker },
    /** Ends the thread, and fails a run that is in progress. The next run starts another one. */
    terminate: async () => void (await thread?.terminate()),
  }
}
