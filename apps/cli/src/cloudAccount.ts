import { StateFolder, accountName } from "@blink-streams/broadcaster/StateFolder"
import { type AccountPlace, accountServices } from "@blink-streams/broadcaster/accountServices"
import { type BlinkAccount, isLoopback } from "@blink-streams/core"
import { Duration, Effect } from "effect"
import { Failure } from "./Failure.ts"
import { ownName } from "./ownName.ts"
import { run } from "./runUntilStopped.ts"
import { notSignedIn, savedAccounts, usableAccounts } from "./savedAccounts.ts"
import type { Settings } from "./Settings.ts"

/** Where the cloud is, as far as the settings say anything else than the vendor's. */
export const cloudOf = ({ dialect, apiUrl, oauthUrl }: Settings): AccountPlace["cloud"] => ({
  dialect,
  ...(apiUrl === null ? {} : { apiUrl }),
  ...(oauthUrl === null ? {} : { oauthUrl }),
})

/** Ends where somebody wants to ask a cloud that is not on this machine more often than it bears. */
export const needPatience = (
  setting: string,
  millis: number | null,
  leastSeconds: number,
  { apiUrl }: Settings,
): void => {
  if (millis === null || millis >= leastSeconds * 1_000 || (apiUrl !== null && isLoopback(apiUrl))) return
  throw new Failure(
    "usage",
    `${setting} is ${millis / 1_000} s: expected ${leastSeconds} s at least, unless the cloud is on this machine`,
  )
}

/** The same for the looks at a home. */
export const needPatientCadence = (settings: Settings): void => {
  needPatience("--poll-home", settings.pollHome, 30, settings)
  needPatience("--poll-media", settings.pollMedia, 15, settings)
}

/** Cadences that were set; the pollers know their own. */
export const cadenceOf = ({ pollHome, pollMedia }: Settings) => ({
  ...(pollHome === null ? {} : { pollHome: Duration.millis(pollHome) }),
  ...(pollMedia === null ? {} : { pollMedia: Duration.millis(pollMedia) }),
})

/** The saved account that is meant: the one named by number or e-mail, or the only one. */
export const pickAccount = (folder: StateFolder, wanted: string | undefined): string => {
  if (wanted !== undefined) {
    const all = savedAccounts(folder)
    const meant = all.find(({ name, account }) => name === accountName(wanted) || String(account) === wanted)
    if (meant === undefined)
      throw new Failure(
        "usage",
        `no account is called "${wanted}": there are ${all.map(({ name }) => name).join(", ") || "none"}`,
      )
    return meant.name
  }
  const usable = usableAccounts(folder).map(({ name }) => name)
  const [first, second] = usable
  if (first === undefined)
    throw new Failure(
      "signInNeeded",
      `${notSignedIn(folder) ?? "no account is saved here"}: run ${ownName()} login`,
    )
  if (second !== undefined)
    throw new Failure("usage", `which account? Give --account ${usable.join(" or --account ")}`)
  return first
}

/** Runs `use` with the services of one account, and lets go of them. */
export const withAccount = <A, E>(
  settings: Settings,
  name: string,
  use: Effect.Effect<A, E, BlinkAccount.BlinkServices>,
  signal?: AbortSignal,
): Promise<A> => {
  const sessionFile = new StateFolder(settings.dir).sessionOf(name)
  return run(use.pipe(Effect.provide(accountServices({ cloud: cloudOf(settings), sessionFile }))), signal)
}
