import { randomUUID } from "node:crypto"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest"
import { temporaryFolder } from "./binary.ts"
import { type EmulatedAccount, startBroadcaster, signInToEmulator } from "./emulatedAccount.ts"
import { Terminal, command } from "./Terminal.ts"

let emulated: EmulatedAccount
let broadcaster: Awaited<ReturnType<typeof startBroadcaster>>
beforeAll(async () => {
  emulated = await signInToEmulator()
  broadcaster = await startBroadcaster(emulated)
})
afterAll(async () => {
  broadcaster.process.kill("SIGINT")
  await broadcaster.process.ended
  await emulated[Symbol.asyncDispose]()
})
beforeEach(async () => {
  await emulated.cloud.change({ network: "Home", set: { armed: true } })
})

const open = (
  columns: number,
  rows: number,
  args: ReadonlyArray<string> = [],
  own: Record<string, string> = {},
) =>
  Terminal.open({
    columns,
    rows,
    args: ["watch", ...args],
    environment: { ...broadcaster.environment, ...own },
  })

/** Replaces times, ages and the request budget by placeholders. */
const withoutTimes = (screen: string): string =>
  screen
    .replaceAll(/\d\d:\d\d:\d\d/g, "hh:mm:ss")
    .replaceAll(/(Updated|updated|Picture from) \d+ \w+ ago/g, "$1 N s ago")
    .replaceAll(/Next update in \d+ \w+|Updating/g, "Next update in N s")
    .replaceAll(/\d+ requests left/g, "N requests left")

it.each([
  [200, 50],
  [120, 40],
  [80, 24],
  [60, 15],
])(
  "At %i×%i the watcher shows systems, cameras and events, and restores the terminal on q",
  async (columns, rows) => {
    await using terminal = await open(columns, rows)
    const screen = await terminal.until("■ Armed")
    const lines = withoutTimes(screen).split("\n")
    expect(lines[0]).toMatch(/● Live {2}Updated N s ago · Next update in N s/)
    for (const title of ["╭─ 1 Systems", "╭─ 2 Cameras of Home", "╭─ 4 Events"])
      expect(screen).toContain(title)
    expect(screen).toContain("›Porch")
    expect(lines).toHaveLength(rows)
    expect(lines.at(-1)).toMatch(/^ \? help {2}q quit/)
    await terminal.press("q")
    expect(await terminal.until("ended with 0")).toBe("before\nended with 0")
  },
)

it("The watcher shows events and a status line at 40×8, and only the status line below", async () => {
  await using terminal = await open(40, 8)
  const screen = await terminal.until("● Live")
  expect(screen.split("\n")[0]).toContain("● Live")
  expect(screen).not.toContain("Systems")
  await terminal.resize(38, 6)
  await terminal.until(/^● Live {2}■ Home Armed/)
})

it("The watcher redraws after a resize", async () => {
  await using terminal = await open(120, 40)
  await terminal.until("3 Porch")
  await terminal.resize(80, 24)
  const small = await terminal.until((screen) => !screen.includes("3 Porch") && screen.includes("4 Events"))
  expect(small.split("\n").every((line) => line.length <= 80)).toBe(true)
  await terminal.resize(200, 50)
  await terminal.until((screen) => screen.includes("3 Porch") && screen.split("\n").length === 50)
})

it("The watcher filters events and counts new ones while paused", async () => {
  await using terminal = await open(120, 40)
  await terminal.until("■ Armed")
  await emulated.cloud.motion({ camera: "Garden", publish_after_ms: 0 })
  // A motion also adds a clip and a new picture; wait for all three before counting.
  await terminal.until((screen) => ["● Garden", "▸ Garden", "▫ Garden"].every((row) => screen.includes(row)))
  await terminal.press("/")
  await terminal.type("garden detected")
  await terminal.until("/garden detected")
  expect(await terminal.until((screen) => !/▫|▸/.test(screen))).toMatch(/● Garden +Motion/)
  await terminal.press("Enter", "p")
  await terminal.until("paused, 0 new")
  await emulated.cloud.motion({ camera: "Garden", publish_after_ms: 0 })
  await terminal.until(/paused, [1-9] new/)
  await terminal.press("p")
  await terminal.until((screen) => !screen.includes("paused"))
})

it("Without --control the watcher rejects commands with a message", async () => {
  await using terminal = await open(100, 30)
  await terminal.until("■ Armed")
  await terminal.press("D")
  await terminal.until("Read-only: start with --control to send commands")
  expect((await emulated.cloud.world()).networks.find(({ name }) => name === "Home")?.armed).toBe(true)
})

it("The watcher asks for confirmation before disarm and shows that it is verified", async () => {
  await using terminal = await open(120, 40, ["--control"])
  await terminal.until("■ Armed")
  await terminal.press("D")
  await terminal.until("Disarm Home?")
  await terminal.press("n")
  await terminal.until((screen) => !screen.includes("Disarm Home?"))
  await terminal.press("D")
  await terminal.until("Disarm Home?")
  await terminal.press("y")
  await terminal.until(/disarm Home: sent → .*verified/)
  await terminal.until(/Home +□ Disarmed/)
  expect((await emulated.cloud.world()).networks.find(({ name }) => name === "Home")?.armed).toBe(false)
  await terminal.press("L")
  await terminal.until("✓ disarm Home")
})

it("The watcher runs typed commands", async () => {
  await using terminal = await open(100, 30, ["--control"])
  await terminal.until("■ Armed")
  await terminal.press(":")
  await terminal.type("fly home")
  await terminal.press("Enter")
  await terminal.until('"fly" is not a command')
  await terminal.press(":")
  await terminal.type("motion off porch")
  await terminal.press("Enter")
  await terminal.until(/Porch +○ off/)
  await terminal.press(":")
  await terminal.type("motion on porch")
  await terminal.press("Enter")
  await terminal.until(/Porch +◉ on/)
})

it("Help, health, detail and clips open and close", async () => {
  await using terminal = await open(100, 30)
  await terminal.until("■ Armed")
  for (const [key, title] of [
    ["?", "╭─ Keys"],
    ["E", "╭─ 5 Health"],
    ["Enter", "╭─ Porch"],
    ["c", "╭─ Clips of Porch"],
  ] as const) {
    await terminal.press(key)
    await terminal.until(title)
    await terminal.press("Escape")
    await terminal.until((screen) => screen.includes("4 Events"))
  }
})

it("The selection moves, and the selected item can be copied, played, acknowledged, snoozed and opened", async () => {
  const folder = temporaryFolder()
  const player = join(folder, "player")
  writeFileSync(player, `#!/bin/sh\necho "$1" > ${folder}/played\n`, { mode: 0o755 })
  await using terminal = await open(120, 40, [], { BLINK_STREAMS_PLAYER: player })
  await terminal.until("■ Armed")
  for (const [key, mark] of [
    ["2", "›Porch"],
    ["j", "›Garden"],
    ["Down", "›Garage"],
    ["Up", "›Garden"],
    ["G", "›Front Door"],
    ["g", "›Porch"],
  ] as const) {
    await terminal.press(key)
    await terminal.until(mark)
  }
  await terminal.press("y")
  await terminal.until("Copied 7310001:camera:8800101")
  await terminal.press("s")
  await terminal.until("Porch muted on this screen for 15 minutes")
  // In one chunk, as from a fast typist or over a slow connection.
  await terminal.type("1\t\tG")
  await terminal.until("›Front Door")
  await terminal.press("g", "BTab", "G")
  await terminal.until("›Front Door")
  await emulated.cloud.motion({ camera: "Garden", publish_after_ms: 0 })
  await terminal.until(/•\S+ ● Garden +Motion/)
  await terminal.press("4", "k", "k")
  await terminal.until("not following, f to follow")
  await terminal.press("f")
  await terminal.until((screen) => !screen.includes("not following"))
  await terminal.press("X")
  await terminal.until((screen) => !screen.includes("•"))
  await terminal.press("/")
  await terminal.type("motion garden")
  await terminal.press("Enter", "k", "o")
  await terminal.until("Opening the clip")
  await expect.poll(() => existsSync(join(folder, "played"))).toBe(true)
  const address = readFileSync(join(folder, "played"), "utf8").trim()
  expect(
    Buffer.from(await (await fetch(address)).arrayBuffer())
      .subarray(4, 8)
      .toString(),
  ).toBe("ftyp")
  await terminal.press("Enter")
  await terminal.until("╭─ Garden")
  await terminal.press("Escape", "Escape", "w")
  await terminal.until((screen) => !screen.includes("╭─ 3"))
  await terminal.press("w", "R")
  await terminal.until(/refresh: sent/)
})

it("The watcher reports a player that cannot be started", async () => {
  await using terminal = await open(100, 30, [], { BLINK_STREAMS_PLAYER: "/nowhere/player" })
  await terminal.until("■ Armed")
  await emulated.cloud.motion({ camera: "Porch", publish_after_ms: 0 })
  await terminal.until(/● Porch +Motion/)
  await terminal.press("o")
  await terminal.until("/nowhere/player can't be started: set BLINK_STREAMS_PLAYER")
})

it("The watcher dims the last state while the broadcaster is down and reconnects", async () => {
  await using other = await signInToEmulator()
  const own = await startBroadcaster(other, ["--no-feed"])
  await using terminal = await Terminal.open({
    columns: 120,
    rows: 40,
    args: ["watch", "--connect", `ws://127.0.0.1:${own.port}`],
    environment: other.environment,
  })
  await terminal.until("● Live")
  own.process.kill("SIGKILL")
  await own.process.ended
  const dimmed = await terminal.until("✗ Offline")
  expect(dimmed).toMatch(/as of \d\d:\d\d/)
  expect(dimmed).toContain("■ Armed")
  const again = await startBroadcaster(other, ["--no-feed", "--port", own.port])
  await terminal.until("● Live", 30_000)
  again.process.kill("SIGINT")
  await again.process.ended
})

it("The watcher prompts for the password with masked input when the session is lost", async () => {
  await using other = await signInToEmulator()
  const own = await startBroadcaster(other, ["--no-feed"])
  await using terminal = await Terminal.open({
    columns: 100,
    rows: 30,
    args: ["watch"],
    environment: own.environment,
  })
  await terminal.until("■ Armed")
  await other.cloud.revokeTokens("refresh")
  await other.cloud.revokeTokens("access")
  await terminal.until("password: ▏")
  await terminal.type("not-the-password")
  await terminal.press("Enter")
  await terminal.until(/password is wrong/)
  await terminal.type(other.cloud.account.password)
  expect(await terminal.until("password: •")).not.toContain(other.cloud.account.password)
  await terminal.press("Enter")
  await terminal.until((screen) => screen.includes("● Live") && screen.includes("Signed in to Blink"))
  own.process.kill("SIGINT")
  await own.process.ended
})

it("The watcher prompts for the code and shows when a new code can be requested", async () => {
  await using other = await signInToEmulator()
  // A new hardware id makes the cloud require a code after the password.
  const file = join(other.dir, "sessions", "demo@example.com.json")
  const session: object = JSON.parse(readFileSync(file, "utf8"))
  writeFileSync(file, JSON.stringify({ ...session, hardwareId: randomUUID().toUpperCase() }))
  const own = await startBroadcaster(other, ["--no-feed"])
  await using terminal = await Terminal.open({
    columns: 100,
    rows: 30,
    args: ["watch"],
    environment: own.environment,
  })
  await terminal.until("■ Armed")
  await other.cloud.revokeTokens("refresh")
  await other.cloud.revokeTokens("access")
  await terminal.until("password: ▏")
  await terminal.type(other.cloud.account.password)
  await terminal.press("Enter")
  const shown = await terminal.until(/Blink sent a code by \w+ for account 7310001/)
  expect(shown).toMatch(/No code\? You can request another in \d+ s/)
  expect(shown).toContain("4 Events")
  await terminal.type("000000")
  expect(await terminal.until("code: ••••••▏")).not.toContain("000000")
  await terminal.press("Enter")
  await terminal.until(/code is wrong/)
  await terminal.press("Escape")
  await terminal.until("Sign-in required: press enter")
  await terminal.press("Enter")
  await terminal.until("code: ▏")
  await terminal.type(other.cloud.account.pin)
  await terminal.press("Enter")
  await terminal.until((screen) => screen.includes("● Live") && !screen.includes("Sign-in"))
  own.process.kill("SIGINT")
  await own.process.ended
})

it("A crash restores the terminal before it prints the error", async () => {
  const crashing = "data:text/javascript,process.on('SIGUSR2',()=>{throw new Error('broken')})"
  await using terminal = await open(100, 30, [], { NODE_OPTIONS: `--import "${crashing}"` })
  await terminal.until("■ Armed")
  process.kill(await terminal.pid(), "SIGUSR2")
  expect(await terminal.until("ended with 2")).toMatch(/^before\nError: broken\n/)
})

it("Ctrl-Z suspends the watcher and fg resumes it", async () => {
  await using terminal = await Terminal.shell({
    columns: 100,
    rows: 30,
    environment: broadcaster.environment,
  })
  await terminal.type(command(["watch"]))
  await terminal.press("Enter")
  await terminal.until("■ Armed")
  await terminal.press("C-z")
  await terminal.until(/Stopped/)
  await terminal.type("fg")
  await terminal.press("Enter")
  await terminal.until("■ Armed")
  await terminal.press("q")
  await terminal.until((screen) => screen.includes("Stopped") && !screen.includes("■ Armed"))
})

it.each(["SIGTERM", "SIGHUP"] as const)("%s restores the terminal of the watcher", async (signal) => {
  await using terminal = await open(100, 30)
  await terminal.until("■ Armed")
  process.kill(await terminal.pid(), signal)
  expect(await terminal.until("ended with")).toMatch(/^before\n/)
})

it("Ctrl-C restores the terminal and exits with 0", async () => {
  await using terminal = await open(100, 30)
  await terminal.until("■ Armed")
  await terminal.press("C-c")
  expect(await terminal.until("ended with")).toBe("before\nended with 0")
})

it("With NO_COLOR the watcher writes no colour sequences", async () => {
  await using plain = await open(100, 30, [], { NO_COLOR: "1" })
  await plain.until("■ Armed")
  // Bold and inverse are not colours.
  const sequences = (await plain.colouredScreen()).split("\u001B[").slice(1)
  expect(sequences.filter((sequence) => /^[\d;]*(3[0-8]|4[0-8]|9\d)[;m]/.test(sequence))).toEqual([])
})

it("On a dumb terminal watch prints lines", async () => {
  await using terminal = await open(100, 30, ["--count", "1"], { TERM: "dumb" })
  const emitMotion = async () => {
    // The output does not show when the subscription starts.
    await emulated.cloud.motion({ camera: "Garage", publish_after_ms: 0 })
    return terminal.screen()
  }
  await expect.poll(emitMotion, { interval: 300, timeout: 20_000 }).toContain("ended with 0")
  expect(await terminal.screen()).toMatch(/before\n\d\d:\d\d:\d\d {2}\S Garage/)
})

it("The watcher strips control sequences from names", async () => {
  const name = "\u001B[2J\u001B]0;owned\u0007Por\u202Ech\u001B[31m"
  await emulated.cloud.change({ camera: "Garage", set: { name } })
  await using terminal = await open(100, 30)
  await terminal.until("›Porch")
  expect(await terminal.until(/ Porch +◉ on/)).toContain("1 Systems")
  await emulated.cloud.change({ camera: name, set: { name: "Garage" } })
})
