import { StateFolder } from "@blink-streams/broadcaster/stateFolder"
import { Session } from "@blink-streams/core"
import { Effect } from "effect"
import { rmSync } from "node:fs"
import { selectAccount, withAccount } from "../account/cloudAccount.ts"
import { savedAccounts } from "../account/savedAccounts.ts"
import { type SettingFlags, resolveSettings } from "../settings/Settings.ts"
import { printResult } from "../terminal/printResult.ts"

/** `blink-streams logout`. */
export const logout = async (
  requested: string | undefined,
  flags: SettingFlags & { readonly json?: boolean },
): Promise<void> => {
  const settings = resolveSettings(flags)
  const folder = new StateFolder(settings.dir)
  // An account with an incomplete sign-in can be removed as well.
  const [only, second] = savedAccounts(folder)
  const name = selectAccount(folder, requested ?? (second === undefined ? only?.name : undefined))
  await withAccount(
    settings,
    name,
    Effect.flatMap(Session, ({ logout }) => logout),
  )
  rmSync(folder.sessionFile(name), { force: true })
  printResult(flags.json, { name }, `Signed out of ${name}.`)
}
