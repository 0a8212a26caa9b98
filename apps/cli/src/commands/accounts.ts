import { StateFolder } from "@blink-streams/broadcaster/StateFolder"
import { Session, StoredSessionText } from "@blink-streams/core"
import { Effect, Schema, SubscriptionRef } from "effect"
import { readFileSync } from "node:fs"
import { withAccount } from "../cloudAccount.ts"
import { type SettingFlags, type Settings, resolveSettings } from "../Settings.ts"

interface Saved {
  readonly name: string
  readonly account: number | null
  readonly dialect: string | null
  readonly session: string
}

const decode = Schema.decodeUnknownSync(StoredSessionText)

/** What the file says; nothing is asked of the cloud. */
const look = async (folder: StateFolder, settings: Settings, name: string): Promise<Saved> => {
  try {
    const { grant } = decode(readFileSync(folder.sessionOf(name), "utf8"))
    const { state } = await withAccount(
      settings,
      name,
      Effect.flatMap(Session, ({ state }) => SubscriptionRef.get(state)),
    )
    return { name, account: grant?.home?.accountId ?? null, dialect: grant?.dialect ?? null, session: state }
  } catch {
    return { name, account: null, dialect: null, session: "unreadable" }
  }
}

/** `blink-streams accounts`. */
export const accounts = async (flags: SettingFlags & { readonly json?: boolean }): Promise<void> => {
  const settings = resolveSettings(flags)
  const folder = new StateFolder(settings.dir)
  const saved: Array<Saved> = []
  for (const name of folder.accounts()) saved.push(await look(folder, settings, name))
  if (flags.json) process.stdout.write(`${JSON.stringify(saved)}\n`)
  else if (saved.length === 0) process.stdout.write("no account is saved here: run blink-streams login\n")
  else
    for (const { name, account, dialect, session } of saved)
      process.stdout.write(`${name}  account ${account ?? "?"}  ${dialect ?? "?"}  ${session}\n`)
}
