import { accountName, StateFolder } from "@blink-streams/broadcaster/stateFolder"
import { BlinkApi, ensureSignedIn, isLoopback, Session, TokenStore } from "@blink-streams/core"
import { Effect, Redacted } from "effect"
import { printResult } from "../terminal/printResult.ts"
import { promptText, promptSecret, requireTerminal } from "../terminal/prompt.ts"
import { terminalCredentials } from "../account/terminalCredentials.ts"
import { withAccount } from "../account/cloudAccount.ts"
import { CliError, asCliError } from "../errors/CliError.ts"
import { binName } from "../binName.ts"
import { type SettingFlags, type Settings, resolveSettings } from "../settings/Settings.ts"

interface Flags extends SettingFlags {
  readonly email?: string
  readonly hosted?: boolean
  readonly json?: boolean
}

const promptForAddress = Effect.tryPromise({
  try: () => promptSecret("address of that page", "run it in a terminal"),
  catch: asCliError,
})

/** Signs in on the vendor's own page; the user pastes the URL at which the page ends. */
const signInHosted = Effect.gen(function* () {
  const session = yield* Session
  yield* Effect.try({
    try: () => requireTerminal("address of that page", "run it in a terminal"),
    catch: asCliError,
  })
  const address = yield* session.startHosted
  process.stderr.write(
    `Open this address in a browser and sign in there:\n\n  ${address}\n\nIt ends on a page that may not open. Copy the address of that page.\n`,
  )
  for (let done = false; !done;)
    done = yield* session.finishHosted(Redacted.make(yield* promptForAddress)).pipe(
      Effect.as(true),
      Effect.catchReason("BlinkError", "Rejected", ({ status, detail }, error) => {
        // Status 0: the pasted URL is invalid and no request was sent.
        if (status !== 0) return Effect.fail(error)
        process.stderr.write(`${detail}\n`)
        return Effect.succeed(false)
      }),
    )
})

/** Removes an abandoned hosted sign-in, so that it is not taken for one that needs a code. */
const discardHostedSignIn = (sessionFile: string) =>
  Effect.gen(function* () {
    const store = yield* TokenStore
    const clearPending = Effect.flatMap(store.load, (stored) =>
      stored?.pending?.dialect === "hosted" ? store.save({ ...stored, pending: null }) : Effect.void,
    )
    yield* store.withLock(clearPending)
  }).pipe(Effect.ignore, Effect.provide(TokenStore.layerFile(sessionFile)))

/** True when the cloud runs on this machine: the sign-in rate limit protects no account there. */
const isLoopbackCloud = ({ dialect, apiUrl, oauthUrl }: Settings): boolean => {
  const cloud = dialect === "legacy" ? apiUrl : oauthUrl
  return cloud !== null && isLoopback(cloud)
}

/** `blink-streams login`. Reports success after the session is saved. */
export const login = async (flags: Flags): Promise<void> => {
  const settings = resolveSettings(flags)
  const folder = new StateFolder(settings.dir)
  folder.create()
  const email = flags.email ?? process.env["BLINK_EMAIL"] ?? (await promptText("e-mail", "set BLINK_EMAIL"))
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new CliError("usage", `"${email}" is not an e-mail address`)
  const credentials = terminalCredentials(email)
  const attended = credentials.attended || isLoopbackCloud(settings)
  const sessionFile = folder.sessionFile(accountName(email))
  const account = await withAccount(
    settings,
    accountName(email),
    Effect.gen(function* () {
      if (flags.hosted) yield* Effect.onError(signInHosted, () => discardHostedSignIn(sessionFile))
      yield* ensureSignedIn({ ...credentials, attended })
      return yield* (yield* BlinkApi).account
    }),
  )
  printResult(
    flags.json,
    { account, name: accountName(email) },
    `Signed in: account ${account}. The session is saved in ${sessionFile}.\nNext: ${binName()} serve, or ${binName()} watch.`,
  )
}
