import type { StateFolder } from "@blink-streams/broadcaster"
import { accountIdOf, StoredSessionText } from "@blink-streams/core"
import { Option, Schema } from "effect"
import { readFileSync } from "node:fs"

export interface SavedAccount {
  /** Of its session file: the e-mail address. */
  readonly name: string
  /** The cloud's number; `null` before the first sign-in has ended. */
  readonly account: number | null
  readonly dialect: string | null
  /**
   * `lost`: the cloud has ended the session, and a person has to sign in again. `pending` waits for the code of its
   * first sign-in or was given up before; there is nothing in it to use.
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

/** What the session files say; nothing is asked of the cloud. */
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

/** Who has to sign in, again or at last, in words; `null` when nobody but those `besides` has. */
export const signedOutMessage = (
  folder: StateFolder,
  excluded: ReadonlyArray<string> = [],
): string | null => {
  const names = savedAccounts(folder).flatMap(({ name, state }) =>
    (state === "pending" || state === "lost") && !excluded.includes(name) ? [name] : [],
  )
  return names.length === 0 ? null : `${names.join(", ")} ${names.length === 1 ? "is" : "are"} not signed in`
}

/** Those that the cloud can be asked about; a sign-in that was never finished is in nobody's way. */
export const usableAccounts = (folder: StateFolder): ReadonlyArray<SavedAccount> =>
  savedAccounts(folder).filter(({ state }) => state === "signedIn" || state === "unreadable")

/** Those that a broadcaster has something to tell of: without a session that somebody has to sign in. */
export const servedAccounts = (folder: StateFolder): ReadonlyArray<SavedAccount> =>
  savedAccounts(folder).filter(({ state }) => state !== "pending")
