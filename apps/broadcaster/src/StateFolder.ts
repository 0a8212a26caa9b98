import { chmodSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { makeDirectory } from "./makeDirectory.ts"

/** Where a running broadcaster is, and the key to it: how terminals on this machine find it. */
export interface RunFile {
  readonly url: string
  readonly token: string
  readonly pid: number
}

/** The state folder can't be used: it says which path and why. */
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

/** Whole or not at all, readable by nobody else. */
const writePrivateFile = (path: string, text: string): void =>
  orUnusable(path, () => {
    const temporaryPath = `${path}.${process.pid}.new`
    writeFileSync(temporaryPath, text, { mode: 0o600 })
    renameSync(temporaryPath, path)
  })

/** A file name for an e-mail address, and the name under which the account is listed. */
export const accountName = (email: string): string =>
  email
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9.@_+-]/g, "_")
    .replace(/^\.+/, "_")

/**
 * What a broadcaster keeps between runs: sessions (one file per account), the event log, the admin token, and
 * while it runs the place where it listens. Made with mode 0700 on first use.
 */
export class StateFolder {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  /** Creates the folder, closed to others. */
  create(): void {
    orUnusable(this.path, () => {
      for (const each of [this.path, this.#sessions, this.#run]) makeDirectory(each, 0o700)
      chmodSync(this.path, 0o700)
    })
  }

  get log(): string {
    return join(this.path, "events.sqlite")
  }

  /** Hashes of the tokens of other programs. */
  get tokens(): string {
    return join(this.path, "tokens.json")
  }

  sessionFile(account: string): string {
    return join(this.#sessions, `${account}.json`)
  }

  /** Names of the accounts with a session file, signed in or not. */
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

  /** The admin token, if one was made. */
  adminToken(): string | null {
    return readOptional(this.#token)?.trim() ?? null
  }

  saveAdminToken(token: string): void {
    writePrivateFile(this.#token, `${token}\n`)
  }

  /** What the broadcaster on `port` left here, running or not. */
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

const isRunFile = (value: unknown): value is RunFile =>
  typeof value === "object" &&
  value !== null &&
  "url" in value &&
  typeof value.url === "string" &&
  "token" in value &&
  typeof value.token === "string" &&
  "pid" in value &&
  typeof value.pid === "number"
