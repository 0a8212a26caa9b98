import { effectServices } from "@blink-streams/events/internal/effectServices"
import type { MonitoredAccount, MonitoredAccounts } from "@blink-streams/events/promise"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Context, Layer, ManagedRuntime, Redacted } from "effect"
import { serve } from "./serve.ts"
import type { RunningServer, ServeOptions } from "./ServeOptions.ts"
import { Tokens } from "./Tokens.ts"

export type { RunningServer, ServeOptions } from "./ServeOptions.ts"

export interface StartServerOptions extends ServeOptions {
  /** Accounts to serve, from `monitorAccounts` or `monitorAccount`. They are yours to close, after the server. */
  readonly accounts: MonitoredAccounts | MonitoredAccount
  /** Token with every scope: a long random text without spaces. */
  readonly token: string
  /** File with the hashes of the tokens of other programs, written with mode 0600. Default: in memory, until `close`. */
  readonly tokenFile?: string
  /** Aborts the start. It has no effect afterwards: use `close`. */
  readonly signal?: AbortSignal
}

export interface StartedServer extends RunningServer, AsyncDisposable {
  /** Sends `shutdown` to every client, then stops. An HTTP server of yours keeps running. */
  close(): Promise<void>
}

/** Rejects an empty token, which every client could guess, and one that cannot stand in an `Authorization` header. */
const checkToken = (token: string): void => {
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new TypeError(
      "startServer needs a token: a long random text without spaces, the secret of its clients",
    )
}

class Started extends Context.Service<Started, RunningServer>()("@blink-streams/server/Started") {}

const tokensLayer = (token: string, file: string | undefined) =>
  file === undefined
    ? Tokens.layerMemory(Redacted.make(token))
    : Tokens.layerFile(file, Redacted.make(token)).pipe(Layer.provide(NodeServices.layer))

/**
 * Serves monitored accounts by websocket and HTTP, as `serve` does. Resolves once the server listens, or with `server` once
 * it is mounted on yours. Rejects with `ListenFailed`, `TokensUnavailable`, or a
 * `TypeError` for a token that is empty or has spaces.
 *
 * @example
 * ```ts
 * import { fileStore, monitorAccount } from "@blink-streams/events/promise"
 * import { startServer } from "@blink-streams/server/promise"
 * import { createServer } from "node:http"
 *
 * const server = createServer((request, response) => {
 *   if (!request.url?.startsWith("/cameras")) response.end("a page of your own")
 * })
 * server.listen(8080, "127.0.0.1")
 * const accounts = await monitorAccount({ store: fileStore("session.json"), log: "events.sqlite" })
 * const { url } = await startServer({ accounts, token: "secret", server, path: "/cameras" })
 * ```
 */
export const startServer = async ({
  accounts,
  token,
  tokenFile,
  signal,
  ...options
}: StartServerOptions): Promise<StartedServer> => {
  checkToken(token)
  const runtime = ManagedRuntime.make(
    Layer.effect(Started, serve(options)).pipe(
      Layer.provide(
        Layer.mergeAll(
          tokensLayer(token, tokenFile),
          NodeHttpServer.layerHttpServices,
          Layer.succeedContext(effectServices(accounts)),
        ),
      ),
    ),
  )
  const started = runtime.runPromise(Started, signal === undefined ? {} : { signal })
  const server = await started.catch(async (cause: unknown) => {
    await runtime.dispose()
    throw cause
  })
  const close = () => runtime.dispose()
  return { ...server, close, [Symbol.asyncDispose]: close }
}
