import { StateFolder, accountName } from "@blink-streams/broadcaster/StateFolder"
import { ensureSignedIn } from "@blink-streams/broadcaster/signIn"
import { BlinkApi, isLoopback, Session } from "@blink-streams/core"
import { Effect, Redacted } from "effect"
import { ask, askSecret, needTerminal } from "../ask.ts"
import { cloudAnswers } from "../cloudAnswers.ts"
import { withAccount } from "../cloudAccount.ts"
import { Failure, failureOf } from "../Failure.ts"
import { type SettingFlags, type Settings, resolveSettings } from "../Settings.ts"

interface Flags extends SettingFlags {
  readonly email?: string
  readonly hosted?: boolean
  readonly json?: boolean
}

/** The vendor's own page asks for e-mail address, password and code; what it ends with is pasted back. */
const signInHosted = Effect.gen(function* () {
  const session = yield* Session
  yield* Effect.try({ try: () => needTerminal("that address", "run it in a terminal"), catch: failureOf })
  const address = yield* session.startHosted
  process.stderr.write(
    `Open this address in a browser and sign in there:\n\n  ${address}\n\nIt ends on a page that may not open. Copy that page's address.\n`,
  )
  const final = yield* Effect.tryPromise({
    try: () => askSecret("that address", "run it in a terminal"),
    catch: failureOf,
  })
  yield* session.finishHosted(Redacted.make(final))
})

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
  const account = await withAccount(
    settings,
    accountName(email),
    Effect.gen(function* () {
      if (flags.hosted) yield* signInHosted
      yield* ensureSignedIn({ ...answers, attended })
      return yield* (yield* BlinkApi).account
    }),
  )
  process.stdout.write(
    flags.json
      ? `${JSON.stringify({ account, name: accountName(email) })}\n`
      : `Signed in: account ${account}. The session is kept in ${folder.sessionOf(accountName(email))}.\nNext: blink-streams serve, or blink-streams watch.\n`,
  )
}
