import { StateFolder } from "@blink-streams/broadcaster/stateFolder"
import { Session } from "@blink-streams/core"
import { Effect, SubscriptionRef } from "effect"
import { withAccount } from "../account/cloudAccount.ts"
import { type SavedAccount, savedAccounts } from "../account/savedAccounts.ts"
import { binName } from "../binName.ts"
import { type SettingFlags, type Settings, resolveSettings } from "../settings/Settings.ts"
import { printResult } from "../terminal/printResult.ts"

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
  const lines = saved.map(
    ({ name, account, dialect, session }) =>
      `${name}  account ${account ?? "?"}  ${dialect ?? "?"}  ${session}`,
  )
  const none = `no account is saved here: run ${binName()} login`
  printResult(flags.json, saved, saved.length === 0 ? none : lines.join("\n"))
}
