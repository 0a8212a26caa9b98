import { accountName, StateFolder } from "@blink-streams/broadcaster/stateFolder"
import { accountServices } from "@blink-streams/broadcaster/accountServices"
import { signedIn } from "@blink-streams/broadcaster/signIn"
import { Effect, Redacted } from "effect"
import { terminalCredentials } from "../account/terminalCredentials.ts"
import { accountConfig, assertMinPollIntervals } from "../account/cloudAccount.ts"
import { CliError } from "../errors/CliError.ts"
import { observability } from "../observability.ts"
import { binName } from "../binName.ts"
import { runUntilStopped } from "../runUntilStopped.ts"
import { bannerText, portFlag } from "../serve/banner.ts"
import { broadcastOptions, type ServeFlags } from "../serve/broadcastOptions.ts"
import { serveUntilInterrupted } from "../serve/serveUntilInterrupted.ts"
import { signedOutMessage, servedAccounts } from "../account/savedAccounts.ts"
import { randomToken } from "../serve/randomToken.ts"
import { readSecret, resolveSettings } from "../settings/Settings.ts"

interface AdminToken {
  readonly token: string
  /** Printed in the banner. A token that was just created is printed only this time. */
  readonly note: string
}

const adminToken = (folder: StateFolder): AdminToken => {
  const fromEnvironment = readSecret("BLINK_STREAMS_TOKEN")
  if (fromEnvironment !== null) return { token: fromEnvironment, note: "token of BLINK_STREAMS_TOKEN" }
  const saved = folder.adminToken()
  if (saved !== null) return { token: saved, note: `token in ${folder.path}/token` }
  const token = randomToken()
  folder.saveAdminToken(token)
  return { token, note: `token ${token}` }
}

interface ServedAccount {
  readonly name: string
  readonly email: string | null
  /** The session is lost: clients show a sign-in prompt, the terminal of `serve` does not. */
  readonly isLost: boolean
}

/** Every saved account, and the account of `BLINK_EMAIL`, which may have to sign in first. */
const accountsToServe = (folder: StateFolder): ReadonlyArray<ServedAccount> => {
  const email = process.env["BLINK_EMAIL"]
  const environmentName = email ? accountName(email) : null
  // Session files are named after the e-mail address in lower case.
  const others = servedAccounts(folder)
    .filter(({ name }) => name !== environmentName)
    .map(({ name, state }) => ({
      name,
      email: name.includes("@") ? name : null,
      isLost: state === "lost",
    }))
  return environmentName !== null && email
    ? [{ name: environmentName, email, isLost: false }, ...others]
    : others
}

/** `blink-streams serve`. */
export const serve = async (flags: ServeFlags): Promise<void> => {
  const settings = resolveSettings(flags)
  assertMinPollIntervals(settings)
  const serveOptions = broadcastOptions(flags, settings)
  const folder = new StateFolder(settings.dir)
  folder.create()
  const served = accountsToServe(folder)
  const signedOut = signedOutMessage(
    folder,
    served.flatMap(({ name, isLost }) => (isLost ? [] : [name])),
  )
  if (served.length === 0)
    throw new CliError(
      "signInNeeded",
      signedOut === null
        ? `no account is saved: run ${binName()} login, or set BLINK_EMAIL`
        : `${signedOut}: run ${binName()} login`,
    )
  if (signedOut !== null) process.stderr.write(`blink-streams: ${signedOut}: run ${binName()} login\n`)
  const { token, note } = adminToken(folder)

  const program = Effect.gen(function* () {
    const accounts = yield* Effect.forEach(served, ({ name, email, isLost }) => {
      const account = accountConfig(settings, name)
      const ready = isLost
        ? Effect.succeed(accountServices(account))
        : signedIn(account, terminalCredentials(email))
      return Effect.map(ready, (services) => ({ services, ...(email === null ? {} : { email }) }))
    })
    return yield* serveUntilInterrupted(
      { ...serveOptions, accounts, log: folder.log, tokens: folder.tokens, admin: Redacted.make(token) },
      {
        folder,
        feed: flags.feed,
        banner: ({ signInLink, websocket, port }) =>
          bannerText(`Serving ${served.map(({ name }) => name).join(", ")}.`, [
            ...(port === 0 ? [] : [["dashboard", signInLink, "one-time sign-in link"] as const]),
            ["websocket", websocket, note],
            port === 0
              ? ["dashboard", `https://YOUR-PROXY/${new URL(signInLink).hash}`, "one-time sign-in link"]
              : [
                  "next",
                  `${binName()} watch${portFlag(port)}`,
                  "live terminal dashboard, in another terminal",
                ],
          ]),
      },
    )
  }).pipe(Effect.scoped, Effect.provide(observability(settings)))
  await runUntilStopped(program)
}
