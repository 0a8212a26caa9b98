import { StateFolder } from "@blink-streams/broadcaster/stateFolder"
import { httpClient, type StateSnapshot } from "@blink-streams/client/http"
import { BlinkApi, isLoopback } from "@blink-streams/core"
import { EventLog } from "@blink-streams/events"
import { readerText } from "@blink-streams/watcher/lines"
import { colourDepth } from "@blink-streams/watcher/text"
import { accessSync, constants, existsSync, statSync } from "node:fs"
import { arch, homedir, platform, release } from "node:os"
import { Effect } from "effect"
import { withAccount } from "../account/cloudAccount.ts"
import { CliError, messageOf } from "../errors/CliError.ts"
import { savedAccounts } from "../account/savedAccounts.ts"
import { binName } from "../binName.ts"
import { findBroadcaster } from "../connect/findBroadcaster.ts"
import { run } from "../runUntilStopped.ts"
import { printResult } from "../terminal/printResult.ts"
import { type SettingFlags, type Settings, resolveSettings } from "../settings/Settings.ts"

/** Result of one check. `hint` is set when the user can fix it. */
interface Check {
  readonly name: string
  readonly state: "ok" | "warning" | "problem"
  readonly result: string
  readonly hint?: string
  /** Name of the reader that it is about. */
  readonly reader?: string
}

const ok = (name: string, result: string): Check => ({ name, state: "ok", result })
const warning = (name: string, result: string, hint: string): Check => ({
  name,
  state: "warning",
  result,
  hint,
})
const problem = (name: string, result: string, hint: string): Check => ({
  name,
  state: "problem",
  result,
  hint,
})

const checkNode = (): Check => {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)
  const result = `Node ${process.versions.node} on ${platform()} ${release()} ${arch()}`
  return major > 22 || (major === 22 && minor >= 19)
    ? ok("runtime", result)
    : problem("runtime", result, "install Node 22.19 or newer")
}

const checkFolder = ({ dir }: Settings): Check => {
  const stats = statSync(dir, { throwIfNoEntry: false })
  if (!stats) return warning("state folder", `${dir} does not exist yet`, `${binName()} login creates it`)
  try {
    accessSync(dir, constants.W_OK)
  } catch (cause) {
    return problem(
      "state folder",
      `${dir} can't be written: ${messageOf(cause)}`,
      "choose another with --dir",
    )
  }
  return (stats.mode & 0o077) === 0
    ? ok("state folder", dir)
    : warning("state folder", `${dir} is open to other users`, `chmod 700 ${dir}`)
}

const checkTerminal = (): Check => {
  const { isTTY, columns, rows } = process.stdout
  const depth = colourDepth({ flag: undefined, environment: process.env, isTerminal: isTTY })
  const unicode = /utf-?8/i.test(
    `${process.env["LC_ALL"] ?? ""}${process.env["LC_CTYPE"] ?? ""}${process.env["LANG"] ?? ""}`,
  )
  const result = isTTY
    ? `${columns}×${rows}, colours ${depth}, ${process.env["TERM"] ?? "no TERM"}`
    : "no terminal here"
  return isTTY && !unicode
    ? warning(
        "terminal",
        `${result}, no UTF-8 locale`,
        "set LANG to a UTF-8 locale, or borders may be drawn wrong",
      )
    : ok("terminal", result)
}

const checkBroadcaster = async (settings: Settings): Promise<Check> => {
  const url =
    new StateFolder(settings.dir).readRunFile(settings.port)?.url ?? `ws://127.0.0.1:${settings.port}`
  try {
    const isReady = await httpClient({ url }).isReady({ signal: AbortSignal.timeout(2_000) })
    return isReady
      ? ok("broadcaster", `running at ${url}`)
      : warning("broadcaster", `running at ${url}, not ready`, `check the output of ${binName()} serve`)
  } catch {
    return warning(
      "broadcaster",
      `not running at ${url}`,
      `start one with ${binName()} serve if you need one`,
    )
  }
}

/** Requests one snapshot, which checks the session, the network and the cloud. */
const checkAccount = async (settings: Settings, name: string): Promise<Check> => {
  const checkName = `account ${name}`
  try {
    const { networks, cameras } = await withAccount(
      settings,
      name,
      Effect.flatMap(BlinkApi, ({ snapshot }) => snapshot),
    )
    return ok(checkName, `signed in; ${networks.length} systems, ${cameras.length} cameras`)
  } catch (error) {
    if (!(error instanceof CliError)) return problem(checkName, messageOf(error), "please report this")
    return problem(
      checkName,
      error.message,
      error.reason === "signInNeeded" ? `${binName()} login` : "try again later",
    )
  }
}

const checkAccounts = async (settings: Settings): Promise<ReadonlyArray<Check>> => {
  const saved = savedAccounts(new StateFolder(settings.dir))
  if (saved.length === 0) return [problem("accounts", "none saved", `${binName()} login`)]
  const findings: Array<Check> = []
  for (const { name, state } of saved)
    findings.push(
      state === "lost"
        ? problem(`account ${name}`, "the cloud ended its session", `${binName()} login`)
        : state === "pending"
          ? warning(
              `account ${name}`,
              "its sign-in is not complete",
              `${binName()} login continues it, ${binName()} logout removes it`,
            )
          : await checkAccount(settings, name),
    )
  return findings
}

const checkCloud = (settings: Settings): Check => {
  const own = [settings.apiUrl, settings.oauthUrl].filter((url) => url !== null)
  const result = `${settings.dialect}, ${own.length === 0 ? "the vendor's hosts" : own.some((url) => !isLoopback(url)) ? "hosts of your own" : "on this machine"}`
  return settings.dialect === "legacy" && own.length === 0
    ? warning(
        "cloud",
        result,
        "the vendor may have closed the legacy API: --dialect oauth is the current one",
      )
    : ok("cloud", result)
}

type Reader = StateSnapshot["readers"][number]

/** Time after which a closed reader is taken for abandoned, in milliseconds. */
const abandonedAfter = 7 * 24 * 3_600_000

const checkReader = (reader: Reader, now: number): Check => {
  const name = `reader ${reader.name}`
  const result = readerText(reader, now)
  const remove = `remove it with removeReader(${JSON.stringify(reader.name)}) when it is no longer used`
  const isAbandoned = !reader.open && now - Date.parse(reader.savedAt) > abandonedAfter
  const check =
    reader.lag.share > 0.5
      ? warning(name, result, `the log soon deletes events that it has not handled: run it, or ${remove}`)
      : isAbandoned
        ? warning(name, result, remove)
        : ok(name, result)
  return { ...check, reader: reader.name }
}

/** The readers of the running broadcaster, or else of the event log in the state folder. */
const findReaders = async (settings: Settings): Promise<ReadonlyArray<Reader>> => {
  const broadcaster = await findBroadcaster({}, settings)
  if (broadcaster !== null) return (await httpClient(broadcaster).state()).readers
  const filename = new StateFolder(settings.dir).log
  if (!existsSync(filename)) return []
  return run(EventLog.use(({ readers }) => readers).pipe(Effect.provide(EventLog.layerSqlite({ filename }))))
}

const checkReaders = async (settings: Settings): Promise<ReadonlyArray<Check>> => {
  try {
    const now = Date.now()
    return (await findReaders(settings)).map((reader) => checkReader(reader, now))
  } catch (error) {
    return [warning("event log", messageOf(error), "its readers could not be checked")]
  }
}

/** Replaces names, addresses, account numbers and folders, so that the report identifies no user. */
const anonymize = (findings: ReadonlyArray<Check>, { dir }: Settings): ReadonlyArray<Check> => {
  const accounts = new StateFolder(dir).accounts()
  // The user has chosen their names.
  const readers = findings.flatMap(({ reader }) => (reader === undefined ? [] : [reader]))
  const redact = (text: string): string => {
    let redacted = text.replaceAll(dir, "DIR").replaceAll(homedir(), "~")
    for (const [index, name] of accounts.entries())
      redacted = redacted.replaceAll(name, `account-${index + 1}`)
    for (const [index, name] of readers.entries()) redacted = redacted.replaceAll(name, `reader-${index + 1}`)
    redacted = redacted
      .replaceAll(/[^\s@]+@[^\s@]+/g, "user@example.com")
      .replaceAll(/\b(\w+:\/\/)(?!127\.|localhost|\[::1\])[^\s/:]+/g, "$1HOST")
    return redacted.replaceAll(/\b\d{5,}\b/g, "N")
  }
  return findings.map(({ name, state, result, hint }) => ({
    name: redact(name),
    state,
    result: redact(result),
    ...(hint === undefined ? {} : { hint: redact(hint) }),
  }))
}

const glyphs = { ok: "✓", warning: "!", problem: "✗" } as const

/** `blink-streams doctor`. */
export const doctor = async (
  flags: SettingFlags & { readonly report?: boolean; readonly json?: boolean },
): Promise<void> => {
  const settings = resolveSettings(flags)
  const all = [
    checkNode(),
    checkFolder(settings),
    checkCloud(settings),
    ...(await checkAccounts(settings)),
    await checkBroadcaster(settings),
    ...(await checkReaders(settings)),
    checkTerminal(),
  ]
  const findings = flags.report ? anonymize(all, settings) : all
  const lines = findings.map(
    ({ name, state, result, hint }) =>
      `${glyphs[state]} ${name}: ${result}${hint === undefined ? "" : `\n    → ${hint}`}`,
  )
  printResult(flags.json, findings, lines.join("\n"))
  const problems = all.filter(({ state }) => state === "problem").length
  if (problems > 0)
    throw new CliError("failed", `${problems} ${problems === 1 ? "problem" : "problems"} found`)
}
