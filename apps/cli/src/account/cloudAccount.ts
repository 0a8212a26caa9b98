import { type AccountConfig, accountServices } from "@blink-streams/broadcaster/accountServices"
import { accountName, StateFolder } from "@blink-streams/broadcaster/stateFolder"
import { type BlinkAccount, isLoopback } from "@blink-streams/core"
import { Duration, Effect } from "effect"
import { CliError } from "../errors/CliError.ts"
import { binName } from "../binName.ts"
import { run } from "../runUntilStopped.ts"
import { signedOutMessage, savedAccounts, usableAccounts } from "./savedAccounts.ts"
import { type SettingFlags, type Settings, resolveSettings } from "../settings/Settings.ts"

/** Configuration of the cloud API; a URL that is not set means the vendor's host. */
const cloudConfig = ({ dialect, apiUrl, oauthUrl }: Settings): AccountConfig["cloud"] => ({
  dialect,
  ...(apiUrl === null ? {} : { apiUrl }),
  ...(oauthUrl === null ? {} : { oauthUrl }),
})

/** Throws a `CliError` when an interval is below its minimum, unless the cloud runs on this machine. */
export const assertMinInterval = (
  setting: string,
  millis: number | null,
  minSeconds: number,
  { apiUrl }: Settings,
): void => {
  if (millis === null || millis >= minSeconds * 1_000 || (apiUrl !== null && isLoopback(apiUrl))) return
  throw new CliError(
    "usage",
    `${setting} is ${millis / 1_000} s: expected at least ${minSeconds} s, unless the cloud runs on this machine`,
  )
}

/** Checks the minimum of `--state-interval` and `--clip-interval`. */
export const assertMinPollIntervals = (settings: Settings): void => {
  assertMinInterval("--state-interval", settings.stateInterval, 30, settings)
  assertMinInterval("--clip-interval", settings.clipInterval, 15, settings)
}

/** Poll intervals from the settings; an interval that is not set keeps the pollers' default. */
export const pollIntervals = ({ stateInterval, clipInterval }: Settings) => ({
  ...(stateInterval === null ? {} : { stateInterval: Duration.millis(stateInterval) }),
  ...(clipInterval === null ? {} : { clipInterval: Duration.millis(clipInterval) }),
})

/**
 * Selects a saved account by number or e-mail address, or the only one. Returns its name. Throws a `CliError` when there
 * is no such account, none that is signed in, or more than one.
 */
export const selectAccount = (folder: StateFolder, requested: string | undefined): string => {
  if (requested !== undefined) {
    const all = savedAccounts(folder)
    const match = all.find(
      ({ name, account }) => name === accountName(requested) || String(account) === requested,
    )
    if (match === undefined)
      throw new CliError(
        "usage",
        `there is no account "${requested}": saved accounts are ${all.map(({ name }) => name).join(", ") || "none"}`,
      )
    return match.name
  }
  const usable = usableAccounts(folder).map(({ name }) => name)
  const [first, second] = usable
  if (first === undefined)
    throw new CliError(
      "signInNeeded",
      `${signedOutMessage(folder) ?? "no account is saved here"}: run ${binName()} login`,
    )
  if (second !== undefined)
    throw new CliError("usage", `which account? Give --account ${usable.join(" or --account ")}`)
  return first
}

/** Cloud settings and session file of a saved account. */
export const accountConfig = (settings: Settings, name: string): AccountConfig => ({
  cloud: cloudConfig(settings),
  sessionFile: new StateFolder(settings.dir).sessionFile(name),
})

/** Settings, and the name of the account that `--account` selects, or of the only one. */
export const selectedAccount = (flags: SettingFlags & { readonly account?: string }) => {
  const settings = resolveSettings(flags)
  return { settings, name: selectAccount(new StateFolder(settings.dir), flags.account) }
}

/** Runs `use` with the services of one account, then releases them. */
export const withAccount = <A, E>(
  settings: Settings,
  name: string,
  use: Effect.Effect<A, E, BlinkAccount.BlinkServices>,
  signal?: AbortSignal,
): Promise<A> => run(use.pipe(Effect.provide(accountServices(accountConfig(settings, name)))), signal)
