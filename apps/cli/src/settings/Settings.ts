import { readFileSync } from "node:fs"
import { homedir } from "node:os"
import { join, resolve } from "node:path"
import { CliError, messageOf } from "../errors/CliError.ts"
import { type Setting, type SettingName, fileSettings, settingsTable } from "./settingsTable.ts"

type ParsedSetting<Name extends SettingName> = NonNullable<ReturnType<(typeof settingsTable)[Name]["parse"]>>

/** The effective settings, merged from flags, environment, `blink-streams.json` and defaults. Times are milliseconds. */
export interface Settings {
  readonly dir: string
  readonly dialect: ParsedSetting<"dialect">
  /** `null`: the vendor's host. */
  readonly apiUrl: string | null
  readonly oauthUrl: string | null
  readonly host: string
  readonly port: number
  /** `null`: the default poll interval. */
  readonly stateInterval: number | null
  readonly clipInterval: number | null
  readonly logLevel: ParsedSetting<"logLevel">
  /** `null`: pretty on a terminal, JSON elsewhere. */
  readonly logFormat: ParsedSetting<"logFormat"> | null
  /** Key bindings of the watcher, unchecked; the watcher validates them. */
  readonly keys: Readonly<Record<string, unknown>>
}

/** Values of the command line flags, unparsed, by setting name. */
export type SettingFlags = { readonly [Name in SettingName]?: string | undefined }

type Environment = Readonly<Record<string, string | undefined>>

type SettingsFile = Readonly<Record<string, unknown>>

const readSetting = <A>(
  { flag, env, key, expected, parse }: Setting<A>,
  flags: SettingFlags,
  environment: Environment,
  file: SettingsFile,
): A | null => {
  const fromFlag = Object.entries(flags).find(([name]) => name === key)?.[1]
  const fromFile = file[key]
  const [source, rawValue] =
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
  if (rawValue === null) return null
  const value = parse(rawValue)
  if (value === null) throw new CliError("usage", `${source} is "${rawValue}": expected ${expected}`)
  return value
}

// Not a Schema: commands that find a broadcaster start without loading Effect.
const isObject = (value: unknown): value is SettingsFile =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const readSettingsFile = (path: string): SettingsFile => {
  let text: string
  try {
    text = readFileSync(path, "utf8")
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && (cause.code === "ENOENT" || cause.code === "ENOTDIR"))
      return {}
    throw new CliError("failed", `${path} can't be read: ${messageOf(cause)}`)
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new CliError("usage", `${path} is not JSON: ${messageOf(cause)}`)
  }
  if (!isObject(value)) throw new CliError("usage", `${path} must hold one JSON object`)
  const known = new Set<string>([...fileSettings.map(({ key }) => key), "keys", "$schema"])
  const unknownKey = Object.keys(value).find((key) => !known.has(key))
  if (unknownKey !== undefined)
    throw new CliError(
      "usage",
      `${path} has an unknown setting "${unknownKey}": expected ${[...known].join(", ")}`,
    )
  return value
}

/** Default folder of sessions, event log and configuration (XDG base directories). */
export const defaultStateFolder = (environment: Environment): string =>
  join(environment["XDG_STATE_HOME"] || join(homedir(), ".local", "state"), "blink-streams")

/**
 * Reads the settings: a flag wins over the environment, the environment over the file, the file over the default.
 * Throws a `CliError` that names the setting when a value is invalid.
 */
export const resolveSettings = (flags: SettingFlags, environment: Environment = process.env): Settings => {
  const dir = resolve(
    readSetting(settingsTable.dir, flags, environment, {}) ?? defaultStateFolder(environment),
  )
  const file = readSettingsFile(join(dir, "blink-streams.json"))
  const keys = file["keys"] ?? {}
  if (!isObject(keys))
    throw new CliError("usage", `"keys" in blink-streams.json must be an object of action and key`)
  return {
    dir,
    dialect: readSetting(settingsTable.dialect, flags, environment, file) ?? "oauth",
    apiUrl: readSetting(settingsTable.apiUrl, flags, environment, file),
    oauthUrl: readSetting(settingsTable.oauthUrl, flags, environment, file),
    host: readSetting(settingsTable.host, flags, environment, file) ?? "127.0.0.1",
    port: readSetting(settingsTable.port, flags, environment, file) ?? 25_465,
    stateInterval: readSetting(settingsTable.stateInterval, flags, environment, file),
    clipInterval: readSetting(settingsTable.clipInterval, flags, environment, file),
    logLevel: readSetting(settingsTable.logLevel, flags, environment, file) ?? "info",
    logFormat: readSetting(settingsTable.logFormat, flags, environment, file),
    keys,
  }
}

/**
 * Reads a secret from the variable `NAME` or from the file named by `NAME_FILE`; `null` when neither is set.
 * There is no flag for secrets because flags are visible in the shell history and in `ps`.
 */
export const readSecret = (name: string, environment: Environment = process.env): string | null => {
  const direct = environment[name]
  if (direct !== undefined && direct !== "") return direct
  const path = environment[`${name}_FILE`]
  if (path === undefined || path === "") return null
  try {
    return readFileSync(path, "utf8").trimEnd()
  } catch (cause) {
    throw new CliError("usage", `${name}_FILE is "${path}", which can't be read: ${messageOf(cause)}`)
  }
}
