import { chmodSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { makeDirectory } from "./makeDirectory.ts"

/** Address, token and process id of a broadcaster that runs on this machine, as written to its run file (mode 0600). */
export interface RunFile {
  readonly url: string
  readonly token: string
  readonly pid: number
}

/** The state folder cannot be read or written. The message names the path and the system error. */
export class FolderUnusable extends Error {
  readonly _tag = "FolderUnusable"
}

const orUnusable = <A>(path: string, use: () => A): A => {
  try {
    return use()
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause)
    throw new FolderUnusable(`${path} can't be used (${code}): choose another state folder with --dir`)
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")

/** `null` when there is no such file. */
const readOptional = (path: string): string | null => {
  try {
    return readFileSync(path, "utf8")
  } catch (error) {
    if (isMissing(error)) return null
    return orUnusable(path, () => {
      throw error
    })
  }
}

/** Writes the file atomically with mode 0600. */
const writePrivateFile = (path: string, text: string): void =>
  orUnusable(path, () => {
    const temporaryPath = `${path}.${process.pid}.new`
    writeFileSync(temporaryPath, text, { mode: 0o600 })
    renameSync(temporaryPath, path)
  })

/** File name for an e-mail address; also the name under which the account is listed. */
export const accountName = (email: string): string =>
  email
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9.@_+-]/g, "_")
    .replace(/^\.+/, "_")

/**
 * Files that a broadcaster keeps between runs: sessions (one file per account), the event log, hashed tokens, the admin
 * token, and a run file while it runs. **Errors.** Methods that access files throw `FolderUnusable`.
 */
export class StateFolder {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  /** Creates the folder with mode 0700, accessible to this user only. */
  create(): void {
    orUnusable(this.path, () => {
      for (const each of [this.path, this.#sessions, this.#run]) makeDirectory(each, 0o700)
      chmodSync(this.path, 0o700)
    })
  }

  /** SQLite file of the event log. */
  get log(): string {
    return join(this.path, "events.sqlite")
  }

  /** File with the hashes of the tokens of other programs. */
  get tokens(): string {
    return join(this.path, "tokens.json")
  }

  sessionFile(account: string): string {
    return join(this.#sessions, `${account}.json`)
  }

  /** Names of the accounts with a session file, whether signed in or not. */
  accounts(): ReadonlyArray<string> {
    try {
      return readdirSync(this.#sessions)
        .filter((file) => file.endsWith(".json"))
        .map((file) => file.slice(0, -".json".length))
        .sort()
    } catch (error) {
      if (isMissing(error)) return []
      return orUnusable(this.#sessions, () => {
        throw error
      })
    }
  }

  /** The admin token; `null` before `saveAdminToken`. */
  adminToken(): string | null {
    return readOptional(this.#token)?.trim() ?? null
  }

  saveAdminToken(token: string): void {
    writePrivateFile(this.#token, `${token}\n`)
  }

  /** Run file of the broadcaster on `port`; `null` when it is missing or invalid. The broadcaster may have stopped since. */
  readRunFile(port: number): RunFile | null {
    const text = readOptional(this.#runFile(port))
    if (text === null) return null
    try {
      const value: unknown = JSON.parse(text)
      return isRunFile(value) ? value : null
    } catch {
      return null
    }
  }

  writeRunFile(port: number, runFile: RunFile): void {
    writePrivateFile(this.#runFile(port), JSON.stringify(runFile))
  }

  removeRunFile(port: number): void {
    rmSync(this.#runFile(port), { force: true })
  }

  get #sessions(): string {
    return join(this.path, "sessions")
  }

  get #run(): string {
    return join(this.path, "run")
  }

  get #token(): string {
    return join(this.path, "token")
  }

  #runFile(port: number): string {
    return join(this.#run, `${port}.json`)
  }
}

// Not a Schema: commands that find a broadcaster start without loading Effect.
const isRunFile = (value: unknown): value is RunFile =>
  typeof value === "object" &&
  value !== null &&
  "url" in value &&
  typeof value.url === "string" &&
  "token" in value &&
  typeof value.token === "string" &&
  "pid" in value &&
  typeof value.pid === "number"
