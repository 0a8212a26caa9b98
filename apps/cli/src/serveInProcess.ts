import { StateFolder } from "@blink-streams/broadcaster/StateFolder"
import { broadcast } from "@blink-streams/broadcaster/broadcast"
import { signedIn } from "@blink-streams/broadcaster/signIn"
import { Deferred, Effect, Exit, Fiber, Redacted } from "effect"
import { randomBytes } from "node:crypto"
import { cloudAnswers } from "./cloudAnswers.ts"
import { cadenceOf, cloudOf, needPatientCadence, pickAccount } from "./cloudAccount.ts"
import { run, silent } from "./runUntilStopped.ts"
import type { Settings } from "./Settings.ts"
import { version } from "./version.ts"

/** A broadcaster of our own, on this machine only, for as long as one command needs it. */
export interface OwnBroadcaster {
  readonly url: string
  readonly token: string
  readonly close: () => Promise<void>
}

/** Starts one over a saved account; its log is in memory and goes with it. */
export const serveInProcess = async (
  settings: Settings,
  account: string | undefined,
): Promise<OwnBroadcaster> => {
  needPatientCadence(settings)
  const folder = new StateFolder(settings.dir)
  const name = pickAccount(folder, account)
  const token = randomBytes(24).toString("base64url")
  const up = Deferred.makeUnsafe<string, unknown>()
  const program = Effect.gen(function* () {
    const services = yield* signedIn(
      { cloud: cloudOf(settings), sessionFile: folder.sessionOf(name) },
      cloudAnswers(null),
    )
    const { websocket } = yield* broadcast({
      accounts: [{ services }],
      cadence: cadenceOf(settings),
      log: null,
      tokens: null,
      admin: Redacted.make(token),
      host: "127.0.0.1",
      port: 0,
      page: null,
      allowedHosts: [],
      allowedOrigins: [],
      certificate: null,
      version,
    })
    yield* Deferred.succeed(up, websocket)
    return yield* Effect.never
  }).pipe(
    Effect.scoped,
    Effect.onExit((exit) => (Exit.isFailure(exit) ? Deferred.failCause(up, exit.cause) : Effect.void)),
  )
  const fiber = Effect.runFork(Effect.provide(program, silent))
  const url = await run(Deferred.await(up))
  return { url, token, close: () => run(Fiber.interrupt(fiber)) }
}
