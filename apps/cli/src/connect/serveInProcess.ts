import { broadcast } from "@blink-streams/broadcaster"
import { signedIn } from "@blink-streams/broadcaster/signIn"
import { StateFolder } from "@blink-streams/broadcaster/stateFolder"
import { Deferred, Effect, Exit, Fiber, Redacted } from "effect"
import { terminalCredentials } from "../account/terminalCredentials.ts"
import {
  pollIntervals,
  accountConfig,
  assertMinPollIntervals,
  selectAccount,
} from "../account/cloudAccount.ts"
import { run, noLogging } from "../runUntilStopped.ts"
import type { Settings } from "../settings/Settings.ts"
import { randomToken } from "../serve/randomToken.ts"
import { version } from "../version.ts"

/** A broadcaster inside this process, reachable from this machine only. */
export interface InProcessBroadcaster {
  readonly url: string
  readonly token: string
  readonly close: () => Promise<void>
}

/** Starts a broadcaster for one saved account, with its event log in memory. */
export const serveInProcess = async (
  settings: Settings,
  account: string | undefined,
): Promise<InProcessBroadcaster> => {
  assertMinPollIntervals(settings)
  const name = selectAccount(new StateFolder(settings.dir), account)
  const token = randomToken()
  const started = Deferred.makeUnsafe<string, unknown>()
  const program = Effect.gen(function* () {
    const services = yield* signedIn(accountConfig(settings, name), terminalCredentials(null))
    const { websocket } = yield* broadcast({
      accounts: [{ services }],
      monitorOptions: pollIntervals(settings),
      log: null,
      tokens: null,
      admin: Redacted.make(token),
      host: "127.0.0.1",
      port: 0,
      dashboardDir: null,
      allowedHosts: [],
      allowedOrigins: [],
      certificate: null,
      version,
    })
    yield* Deferred.succeed(started, websocket)
    return yield* Effect.never
  }).pipe(
    Effect.scoped,
    Effect.onExit((exit) => (Exit.isFailure(exit) ? Deferred.failCause(started, exit.cause) : Effect.void)),
  )
  const fiber = Effect.runFork(Effect.provide(program, noLogging))
  const url = await run(Deferred.await(started))
  return { url, token, close: () => run(Fiber.interrupt(fiber)) }
}
