import { AccountMonitors, type Batch, EventLog } from "@blink-streams/events"
import type { AccountState } from "@blink-streams/model"
import { serve, Tokens } from "@blink-streams/server"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Context, type Effect, Exit, Layer, ManagedRuntime, Redacted, Scope } from "effect"
import { account } from "../fixtures.ts"
import { buildPage } from "./buildPage.ts"

/** A broadcaster with an in-memory event log that the test writes itself. */
export interface TestServer extends AsyncDisposable {
  readonly url: string
  /** Appends to the log, for account 7 unless `batch` names another. */
  append(batch: Partial<Batch>): Promise<void>
  /** Creates a one-time link that opens the page signed in. */
  link(): Promise<string>
  /** Stops the HTTP server but keeps the log; `start` restarts it on the same port. */
  stop(): Promise<void>
  start(): Promise<void>
}

const services = (maxEvents: number) =>
  Layer.mergeAll(
    AccountMonitors.layer.pipe(
      Layer.provideMerge(EventLog.layerSqlite({ filename: ":memory:", retention: { events: maxEvents } })),
    ),
    Tokens.layerMemory(),
    NodeHttpServer.layerHttpServices,
  )

/** Builds and serves the page; `stop` and `start` keep the port. */
export const startServer = async <R>(
  runtime: ManagedRuntime.ManagedRuntime<R, unknown>,
  listen: (options: {
    readonly port: number
    readonly staticDir: string
  }) => Effect.Effect<{ readonly url: string; readonly port: number }, unknown, R | Scope.Scope>,
) => {
  const staticDir = await buildPage()
  let scope = Scope.makeUnsafe()
  const open = (port: number) => runtime.runPromise(Scope.provide(listen({ port, staticDir }), scope))
  const stop = () => runtime.runPromise(Scope.close(scope, Exit.void))
  const { url, port } = await open(0)
  return {
    url,
    stop,
    start: async () => {
      scope = Scope.makeUnsafe()
      await open(port)
    },
    close: async () => {
      await stop()
      await runtime.dispose()
    },
  }
}

/** `maxEvents` limits the number of events that the log keeps. */
export const startTestServer = async (
  initialState: AccountState,
  maxEvents = 1_000_000,
): Promise<TestServer> => {
  const runtime = ManagedRuntime.make(services(maxEvents))
  const context = await runtime.context()
  const log = Context.get(context, EventLog)
  const append: TestServer["append"] = async (batch) => {
    await runtime.runPromise(log.append({ account, events: [], ...batch }))
  }
  await append({ state: initialState })
  const { close, ...server } = await startServer(runtime, serve)
  return {
    ...server,
    append,
    link: async () => {
      const code = await runtime.runPromise(Context.get(context, Tokens).createCode())
      return `${server.url}#code=${Redacted.value(code)}`
    },
    [Symbol.asyncDispose]: close,
  }
}
