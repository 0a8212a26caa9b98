import { StateFolder } from "@blink-streams/broadcaster/stateFolder"
import { Session } from "@blink-streams/core"
import { Effect, SubscriptionRef } from "effect"
import { withAccount } from "../account/cloudAccount.ts"
import { type SavedAccount, savedAccounts } from "../account/savedAccounts.ts"
import { binName } from "../binName.ts"
import { type SettingFlags, type Settings, resolveSettings } from "../settings/Settings.ts"

/** State of the session; `unreadable` when its file cannot be read. */
const sessionState = async (settings: Settings, { name, state }: SavedAccount): Promise<string> => {
  if (state === "unreadable") return state
  try {
    const session = await withAccount(
      settings,
      name,
      Effect.flatMap(Session, (each) => SubscriptionRef.get(each.state)),
    )
    return session.state
  } catch {
    return "unreadable"
  }
}

/** `blink-streams accounts`. */
export const accounts = async (flags: SettingFlags & { readonly json?: boolean }): Promise<void> => {
  const settings = resolveSettings(flags)
  const saved: Array<{
    readonly name: string
    readonly account: number | null
    readonly dialect: string | null
    readonly session: string
  }> = []
  for (const each of savedAccounts(new StateFolder(settings.dir))) {
    const { name, account, dialect } = each
    saved.push({ name, account, dialect, session: await sessionState(settings, each) })
  }
  if (flags.json) process.stdout.write(`${JSON.stringify(saved)}\n`)
  else if (saved.length === 0) process.stdout.write(`no account is saved here: run ${binName()} login\n`)
  else
    for (const { name, account, dialect, session } of saved)
      process.stdout.write(`${name}  account ${account ?? "?"}  ${dialect ?? "?"}  ${session}\n`)
}
