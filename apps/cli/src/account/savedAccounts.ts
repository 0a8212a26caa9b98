import type { StateFolder } from "@blink-streams/broadcaster/stateFolder"
import { accountIdOf, StoredSessionText } from "@blink-streams/core"
import { Option, Schema } from "effect"
import { readFileSync } from "node:fs"

export interface SavedAccount {
  /** Name of the session file: the e-mail address. */
  readonly name: string
  /** Account number of the cloud; `null` before the first sign-in is complete. */
  readonly account: number | null
  readonly dialect: string | null
  /**
   * `lost`: the cloud ended the session, sign-in is required. `pending`: the first sign-in is not complete, there is no
   * session yet.
   */
  readonly state: "signedIn" | "lost" | "pending" | "unreadable"
}

const decode = Schema.decodeUnknownOption(StoredSessionText)

const readText = (file: string): string => {
  try {
    return readFileSync(file, "utf8")
  } catch {
    return ""
  }
}

/** Lists the accounts from their session files, without requests to the cloud. */
export const savedAccounts = (folder: StateFolder): ReadonlyArray<SavedAccount> =>
  folder.accounts().map((name) => {
    const stored = Option.getOrNull(decode(readText(folder.sessionFile(name))))
    if (stored === null) return { name, account: null, dialect: null, state: "unreadable" }
    const { grant, lost } = stored
    return {
      name,
      account: accountIdOf(stored),
      dialect: grant?.dialect ?? null,
      state: grant !== null ? "signedIn" : lost === undefined ? "pending" : "lost",
    }
  })

/** A message that names the accounts that require sign-in; `null` when there are none besides `excluded`. */
export const signedOutMessage = (
  folder: StateFolder,
  excluded: ReadonlyArray<string> = [],
): string | null => {
  const names = savedAccounts(folder).flatMap(({ name, state }) =>
    (state === "pending" || state === "lost") && !excluded.includes(name) ? [name] : [],
  )
  return names.length === 0 ? null : `${names.join(", ")} ${names.length === 1 ? "is" : "are"} not signed in`
}

/** Accounts that can be used for requests: `pending` and `lost` ones are left out. */
export const usableAccounts = (folder: StateFolder): ReadonlyArray<SavedAccount> =>
  savedAccounts(folder).filter(({ state }) => state === "signedIn" || state === "unreadable")

/** Accounts that a broadcaster serves: also those with a lost session, whose clients show a sign-in prompt. */
export const servedAccounts = (folder: StateFolder): ReadonlyArray<SavedAccount> =>
  savedAccounts(folder).filter(({ state }) => state !== "pending")
