import { StateFolder } from "@blink-streams/broadcaster/StateFolder"
import { BlinkApi, isLoopback } from "@blink-streams/core"
import { colourDepth } from "@blink-streams/watcher/colourDepth"
import { httpUrl } from "@blink-streams/watcher/httpUrl"
import { accessSync, constants, statSync } from "node:fs"
import { arch, homedir, platform, release } from "node:os"
import { Effect } from "effect"
import { withAccount } from "../cloudAccount.ts"
import { Failure, reasonOf } from "../Failure.ts"
import { savedAccounts } from "../savedAccounts.ts"
import { ownName } from "../ownName.ts"
import { type SettingFlags, type Settings, resolveSettings } from "../Settings.ts"

/** What one look found. `todo` is there when a person can do something. */
interface Finding {
  readonly what: string
  readonly state: "ok" | "warning" | "problem"
  readonly found: string
  readonly todo?: string
}

const ok = (what: string, found: string): Finding => ({ what, state: "ok", found })
const warning = (what: string, found: string, todo: string): Finding => ({
  what,
  state: "warning",
  found,
  todo,
})
const problem = (what: string, found: string, todo: string): Finding => ({
  what,
  state: "problem",
  found,
  todo,
})

const checkNode = (): Finding => {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)
  const found = `Node ${process.versions.node} on ${platform()} ${release()} ${arch()}`
  return major > 22 || (major === 22 && minor >= 19)
    ? ok("runtime", found)
    : problem("runtime", found, "install Node 22.19 or newer")
}

const checkFolder = ({ dir }: Settings): Finding => {
  const stats = statSync(dir, { throwIfNoEntry: false })
  if (!stats) return warning("state folder", `${dir} is not there yet`, `${ownName()} login makes it`)
  try {
    accessSync(dir, constants.W_OK)
  } catch (cause) {
    return problem("state folder", `${dir} can't be written: ${reasonOf(cause)}`, "choose another with --dir")
  }
  return (stats.mode & 0o077) === 0
    ? ok("state folder", dir)
    : warning("state folder", `${dir} is open to other users`, `chmod 700 ${dir}`)
}

const checkTerminal = (): Finding => {
  const { isTTY, columns, rows } = process.stdout
  const depth = colourDepth({ flag: undefined, environment: process.env, isTerminal: isTTY })
  const unicode = /utf-?8/i.test(
    `${process.env["LC_ALL"] ?? ""}${process.env["LC_CTYPE"] ?? ""}${process.env["LANG"] ?? ""}`,
  )
  const found = isTTY
    ? `${columns}×${rows}, colours ${depth}, ${process.env["TERM"] ?? "no TERM"}`
    : "no terminal here"
  return isTTY && !unicode
    ? warning(
        "terminal",
        `${found}, no UTF-8 locale`,
        "set LANG to a UTF-8 locale, or the boxes may look wrong",
      )
    : ok("terminal", found)
}

const checkBroadcaster = async (settings: Settings): Promise<Finding> => {
  const url = new StateFolder(settings.dir).endpoint(settings.port)?.url ?? `ws://127.0.0.1:${settings.port}`
  try {
    const answer = await fetch(httpUrl(url, "/readyz"), { signal: AbortSignal.timeout(2_000) })
    return answer.ok
      ? ok("broadcaster", `answers at ${url}`)
      : warning(
          "broadcaster",
          `answers at ${url}, not ready (${answer.status})`,
          `see what ${ownName()} serve prints`,
        )
  } catch {
    return warning(
      "broadcaster",
      `none answers at ${url}`,
      `start one with ${ownName()} serve, if you want one`,
    )
  }
}

/** One look at the home: sign-in, network and cloud in one. */
const checkAccount = async (settings: Settings, name: string): Promise<Finding> => {
  const what = `account ${name}`
  try {
    const { networks, cameras } = await withAccount(
      settings,
      name,
      Effect.flatMap(BlinkApi, ({ snapshot }) => snapshot),
    )
    return ok(what, `signed in; ${networks.length} systems, ${cameras.length} cameras`)
  } catch (error) {
    if (!(error instanceof Failure)) return problem(what, reasonOf(error), "please report this")
    return problem(
      what,
      error.message,
      error.reason === "signInNeeded" ? `${ownName()} login` : "try again later",
    )
  }
}

const checkAccounts = async (settings: Settings): Promise<ReadonlyArray<Finding>> => {
  const saved = savedAccounts(new StateFolder(settings.dir))
  if (saved.length === 0) return [problem("accounts", "none is saved here", `${ownName()} login`)]
  const findings: Array<Finding> = []
  for (const { name, state } of saved)
    findings.push(
      state === "lost"
        ? problem(`account ${name}`, "the cloud has ended its session", `${ownName()} login`)
        : state === "pending"
          ? warning(
              `account ${name}`,
              "its sign-in was not finished",
              `${ownName()} login goes on, ${ownName()} logout forgets it`,
            )
          : await checkAccount(settings, name),
    )
  return findings
}

const checkCloud = (settings: Settings): Finding => {
  const own = [settings.apiUrl, settings.oauthUrl].filter((url) => url !== null)
  const found = `${settings.dialect}, ${own.length === 0 ? "the vendor's hosts" : own.some((url) => !isLoopback(url)) ? "hosts of your own" : "on this machine"}`
  return settings.dialect === "legacy" && own.length === 0
    ? warning("cloud", found, "the vendor may have closed this API: --dialect oauth is today's")
    : ok("cloud", found)
}

/** Without whatever tells whose home it is: names, addresses, folders. */
const anonymised = (findings: ReadonlyArray<Finding>, { dir }: Settings): ReadonlyArray<Finding> => {
  const accounts = new StateFolder(dir).accounts()
  const hide = (text: string): string => {
    let hidden = text.replaceAll(dir, "DIR").replaceAll(homedir(), "~")
    for (const [index, name] of accounts.entries()) hidden = hidden.replaceAll(name, `account-${index + 1}`)
    hidden = hidden
      .replaceAll(/[^\s@]+@[^\s@]+/g, "someone@somewhere")
      .replaceAll(/\b(\w+:\/\/)(?!127\.|localhost|\[::1\])[^\s/:]+/g, "$1HOST")
    return hidden.replaceAll(/\b\d{5,}\b/g, "N")
  }
  return findings.map(({ what, state, found, todo }) => ({
    what: hide(what),
    state,
    found: hide(found),
    ...(todo === undefined ? {} : { todo: hide(todo) }),
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
    checkTerminal(),
  ]
  const findings = flags.report ? anonymised(all, settings) : all
  process.stdout.write(
    flags.json
      ? `${JSON.stringify(findings)}\n`
      : findings
          .map(
            ({ what, state, found, todo }) =>
              `${glyphs[state]} ${what}: ${found}\n${todo === undefined ? "" : `    → ${todo}\n`}`,
          )
          .join(""),
  )
  const problems = all.filter(({ state }) => state === "problem").length
  if (problems > 0)
    throw new Failure("failed", `${problems} ${problems === 1 ? "problem" : "problems"} found`)
}
