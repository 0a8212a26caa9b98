import { StateFolder, accountName } from "@blink-streams/broadcaster/StateFolder"
import { accountServices } from "@blink-streams/broadcaster/accountServices"
import { signedIn } from "@blink-streams/broadcaster/signIn"
import { Effect, Redacted } from "effect"
import { randomBytes } from "node:crypto"
import { cloudAnswers } from "../cloudAnswers.ts"
import { cloudOf, needPatientCadence } from "../cloudAccount.ts"
import { Failure } from "../Failure.ts"
import { observability } from "../observability.ts"
import { ownName } from "../ownName.ts"
import { runUntilStopped } from "../runUntilStopped.ts"
import {
  type ServingFlags,
  bannerText,
  portFlag,
  processStart,
  serveUntilInterrupted,
  servingOptions,
} from "../serving.ts"
import { notSignedIn, servedAccounts } from "../savedAccounts.ts"
import { readSecret, resolveSettings } from "../Settings.ts"

interface AdminToken {
  readonly token: string
  /** What to say of it. One that was made just now is printed, this one time. */
  readonly note: string
}

const adminToken = (folder: StateFolder): AdminToken => {
  const told = readSecret("BLINK_STREAMS_TOKEN")
  if (told !== null) return { token: told, note: "token of BLINK_STREAMS_TOKEN" }
  const kept = folder.adminToken()
  if (kept !== null) return { token: kept, note: `token in ${folder.path}/token` }
  const token = randomBytes(24).toString("base64url")
  folder.saveAdminToken(token)
  return { token, note: `token ${token}` }
}

interface Served {
  readonly name: string
  readonly email: string | null
  /** Its session is lost: who looks at the page or the terminal is asked to sign in, and nobody else. */
  readonly isLost: boolean
}

/** Every saved account, and the one of `BLINK_EMAIL`, which may have to sign in first. */
const accountsToServe = (folder: StateFolder): ReadonlyArray<Served> => {
  const email = process.env["BLINK_EMAIL"]
  const named = email ? accountName(email) : null
  // The name of a session file is its e-mail address, in small letters.
  const others = servedAccounts(folder)
    .filter(({ name }) => name !== named)
    .map(({ name, state }) => ({
      name,
      email: name.includes("@") ? name : null,
      isLost: state === "lost",
    }))
  return named !== null && email ? [{ name: named, email, isLost: false }, ...others] : others
}

/** `blink-streams serve`. */
export const serve = async (flags: ServingFlags): Promise<void> => {
  const settings = resolveSettings(flags)
  needPatientCadence(settings)
  const serving = servingOptions(flags, settings)
  const folder = new StateFolder(settings.dir)
  folder.prepare()
  const wanted = accountsToServe(folder)
  const absent = notSignedIn(
    folder,
    wanted.flatMap(({ name, isLost }) => (isLost ? [] : [name])),
  )
  if (wanted.length === 0)
    throw new Failure(
      "signInNeeded",
      absent === null
        ? `no account is saved here: run ${ownName()} login, or set BLINK_EMAIL`
        : `${absent}: run ${ownName()} login`,
    )
  if (absent !== null) process.stderr.write(`blink-streams: ${absent}: run ${ownName()} login\n`)
  const { token, note } = adminToken(folder)

  const program = Effect.gen(function* () {
    const accounts = yield* Effect.forEach(wanted, ({ name, email, isLost }) => {
      const place = { cloud: cloudOf(settings), sessionFile: folder.sessionOf(name) }
      const ready = isLost ? Effect.succeed(accountServices(place)) : signedIn(place, cloudAnswers(email))
      return Effect.map(ready, (services) => ({ services, ...(email === null ? {} : { email }) }))
    })
    return yield* serveUntilInterrupted(
      { ...serving, accounts, log: folder.log, tokens: folder.tokens, admin: Redacted.make(token) },
      {
        folder,
        startedAt: processStart(),
        feed: flags.feed,
        banner: ({ link, websocket, port }) =>
          bannerText(`Serving ${wanted.map(({ name }) => name).join(", ")}.`, [
            ...(port === 0 ? [] : [["dashboard", link, "opens signed in, once"] as const]),
            ["websocket", websocket, note],
            port === 0
              ? ["dashboard", `https://YOUR-PROXY/${new URL(link).hash}`, "opens signed in, once"]
              : ["next", `${ownName()} watch${portFlag(port)}`, "the same in another terminal"],
          ]),
      },
    )
  }).pipe(Effect.scoped, Effect.provide(observability(settings)))
  await runUntilStopped(program)
}
