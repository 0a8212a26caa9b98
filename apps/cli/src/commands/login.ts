import { StateFolder, accountName } from "@blink-streams/broadcaster/StateFolder"
import { ensureSignedIn } from "@blink-streams/broadcaster/signIn"
import { BlinkApi, isLoopback, Session, TokenStore } from "@blink-streams/core"
import { Effect, Redacted } from "effect"
import { ask, askSecret, needTerminal } from "../ask.ts"
import { cloudAnswers } from "../cloudAnswers.ts"
import { withAccount } from "../cloudAccount.ts"
import { Failure, failureOf } from "../Failure.ts"
import { ownName } from "../ownName.ts"
import { type SettingFlags, type Settings, resolveSettings } from "../Settings.ts"

interface Flags extends SettingFlags {
  readonly email?: string
  readonly hosted?: boolean
  readonly json?: boolean
}

const askForAddress = Effect.tryPromise({
  try: () => askSecret("that address", "run it in a terminal"),
  catch: failureOf,
})

/** The vendor's own page asks for e-mail address, password and code; what it ends with is pasted back. */
const signInHosted = Effect.gen(function* () {
  const session = yield* Session
  yield* Effect.try({ try: () => needTerminal("that address", "run it in a terminal"), catch: failureOf })
  const address = yield* session.startHosted
  process.stderr.write(
    `Open this address in a browser and sign in there:\n\n  ${address}\n\nIt ends on a page that may not open. Copy that page's address.\n`,
  )
  for (let done = false; !done;)
    done = yield* session.finishHosted(Redacted.make(yield* askForAddress)).pipe(
      Effect.as(true),
      Effect.catchReason("BlinkError", "Refused", ({ status, what }, error) => {
        // Only what was pasted is wrong: the cloud has not been asked.
        if (status !== 0) return Effect.fail(error)
        process.stderr.write(`${what}\n`)
        return Effect.succeed(false)
      }),
    )
})

/** Nobody else can go on with a page that was left, and it must not look like a code that is awaited. */
const leavePage = (sessionFile: string) =>
  Effect.gen(function* () {
    const store = yield* TokenStore
    const leave = Effect.flatMap(store.load, (stored) =>
      stored?.pending?.dialect === "hosted" ? store.save({ ...stored, pending: null }) : Effect.void,
    )
    yield* store.withLock(leave)
  }).pipe(Effect.ignore, Effect.provide(TokenStore.layerFile(sessionFile)))

/** No account can be locked by a cloud of this machine, so whoever tries things out on one need not wait. */
const isEmulated = ({ dialect, apiUrl, oauthUrl }: Settings): boolean => {
  const cloud = dialect === "legacy" ? apiUrl : oauthUrl
  return cloud !== null && isLoopback(cloud)
}

/** `blink-streams login`. The session is on the disk before this says that it worked. */
export const login = async (flags: Flags): Promise<void> => {
  const settings = resolveSettings(flags)
  const folder = new StateFolder(settings.dir)
  folder.prepare()
  const email = flags.email ?? process.env["BLINK_EMAIL"] ?? (await ask("e-mail", "set BLINK_EMAIL"))
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new Failure("usage", `"${email}" is no e-mail address`)
  const answers = cloudAnswers(email)
  const attended = answers.attended || isEmulated(settings)
  const sessionFile = folder.sessionOf(accountName(email))
  const account = await withAccount(
    settings,
    accountName(email),
    Effect.gen(function* () {
      if (flags.hosted) yield* Effect.onError(signInHosted, () => leavePage(sessionFile))
      yield* ensureSignedIn({ ...answers, attended })
      return yield* (yield* BlinkApi).account
    }),
  )
  process.stdout.write(
    flags.json
      ? `${JSON.stringify({ account, name: accountName(email) })}\n`
      : `Signed in: account ${account}. The session is kept in ${sessionFile}.\nNext: ${ownName()} serve, or ${ownName()} watch.\n`,
  )
}
