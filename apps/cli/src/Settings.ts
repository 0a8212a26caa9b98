import { readFileSync } from "node:fs"
import { homedir } from "node:os"
import { join, resolve } from "node:path"
import { Failure, reasonOf } from "./Failure.ts"
import { type Setting, type SettingName, fileSettings, settingsTable } from "./settingsTable.ts"

type Parsed<Name extends SettingName> = NonNullable<ReturnType<(typeof settingsTable)[Name]["parse"]>>

/** What holds after flags, environment, `blink-streams.json` and defaults. Times are milliseconds. */
export interface Settings {
  readonly dir: string
  readonly dialect: Parsed<"dialect">
  /** `null`: the vendor's. */
  readonly apiUrl: string | null
  readonly oauthUrl: string | null
  readonly host: string
  readonly port: number
  /** `null`: the poller's own cadence. */
  readonly pollHome: number | null
  readonly pollMedia: number | null
  readonly logLevel: Parsed<"logLevel">
  /** `null`: pretty on a terminal, else JSON. */
  readonly logFormat: Parsed<"logFormat"> | null
  /** Own bindings of the watcher, as the file has them; the watcher checks them. */
  readonly keys: Readonly<Record<string, unknown>>
}

/** Flags as the parser leaves them: text, by the setting's name. */
export type SettingFlags = { readonly [Name in SettingName]?: string | undefined }

type Environment = Readonly<Record<string, string | undefined>>

type SettingsFile = Readonly<Record<string, unknown>>

const read = <A>(
  { flag, env, key, accepts, parse }: Setting<A>,
  flags: SettingFlags,
  environment: Environment,
  file: SettingsFile,
): A | null => {
  const fromFlag = Object.entries(flags).find(([name]) => name === key)?.[1]
  const fromFile = file[key]
  const [where, text] =
    fromFlag !== undefined
      ? [flag, fromFlag]
      : environment[env]
        ? [env, environment[env]]
        : fromFile !== undefined
          ? [
              `"${key}" in blink-streams.json`,
              typeof fromFile === "string" ? fromFile : JSON.stringify(fromFile),
            ]
          : ["", null]
  if (text === null) return null
  const value = parse(text)
  if (value === null) throw new Failure("usage", `${where} is "${text}": expected ${accepts}`)
  return value
}

const isRecord = (value: unknown): value is SettingsFile =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const readFile = (path: string): SettingsFile => {
  let text: string
  try {
    text = readFileSync(path, "utf8")
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && (cause.code === "ENOENT" || cause.code === "ENOTDIR"))
      return {}
    throw new Failure("failed", `${path} can't be read: ${reasonOf(cause)}`)
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new Failure("usage", `${path} is not JSON: ${reasonOf(cause)}`)
  }
  if (!isRecord(value)) throw new Failure("usage", `${path} must hold one JSON object`)
  const known = new Set<string>([...fileSettings.map(({ key }) => key), "keys", "$schema"])
  const stranger = Object.keys(value).find((key) => !known.has(key))
  if (stranger !== undefined)
    throw new Failure(
      "usage",
      `${path} has an unknown setting "${stranger}": expected ${[...known].join(", ")}`,
    )
  return value
}

/** Sessions, log and configuration live here unless a setting says otherwise (XDG base directories). */
export const defaultFolder = (environment: Environment): string =>
  join(environment["XDG_STATE_HOME"] || join(homedir(), ".local", "state"), "blink-streams")

/** Flag, then environment, then file, then default. A wrong value ends in one line that names it. */
export const resolveSettings = (flags: SettingFlags, environment: Environment = process.env): Settings => {
  const dir = resolve(read(settingsTable.dir, flags, environment, {}) ?? defaultFolder(environment))
  const file = readFile(join(dir, "blink-streams.json"))
  const keys = file["keys"] ?? {}
  if (!isRecord(keys))
    throw new Failure("usage", `"keys" in blink-streams.json must be an object of action and key`)
  return {
    dir,
    dialect: read(settingsTable.dialect, flags, environment, file) ?? "oauth",
    apiUrl: read(settingsTable.apiUrl, flags, environment, file),
    oauthUrl: read(settingsTable.oauthUrl, flags, environment, file),
    host: read(settingsTable.host, flags, environment, file) ?? "127.0.0.1",
    port: read(settingsTable.port, flags, environment, file) ?? 25_465,
    pollHome: read(settingsTable.pollHome, flags, environment, file),
    pollMedia: read(settingsTable.pollMedia, flags, environment, file),
    logLevel: read(settingsTable.logLevel, flags, environment, file) ?? "info",
    logFormat: read(settingsTable.logFormat, flags, environment, file),
    keys,
  }
}

/**
 * A secret from `NAME` or from the file that `NAME_FILE` points at; `null` when neither is set.
 * Never from a flag: those stand in the shell's history and in `ps`.
 */
export const readSecret = (name: string, environment: Environment = process.env): string | null => {
  const direct = environment[name]
  if (direct !== undefined && direct !== "") return direct
  const path = environment[`${name}_FILE`]
  if (path === undefined || path === "") return null
  try {
    return readFileSync(path, "utf8").trimEnd()
  } catch (cause) {
    throw new Failure("usage", `${name}_FILE is "${path}", which can't be read: ${reasonOf(cause)}`)
  }
}
