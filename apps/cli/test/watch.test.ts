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

/** What changes by itself: times, ages and the budget. */
const withoutTimes = (screen: string): string =>
  screen
    .replaceAll(/\d\d:\d\d:\d\d/g, "hh:mm:ss")
    .replaceAll(/(looked|last good|picture of) \d+ \w+ ago/g, "$1 N s ago")
    .replaceAll(/next in \d+ \w+|looking now/g, "next in N s")
    .replaceAll(/\d+ calls left/g, "N calls left")

it.each([
  [200, 50],
  [120, 40],
  [80, 24],
  [60, 15],
])(
  "at %i×%i the screen shows systems, cameras and events, and quits without a trace",
  async (columns, rows) => {
    await using terminal = await open(columns, rows)
    const screen = await terminal.until("■ armed")
    const lines = withoutTimes(screen).split("\n")
    expect(lines[0]).toMatch(/● live {2}looked N s ago · next in N s/)
    for (const title of ["╭─ 1 Systems", "╭─ 2 Cameras of Home", "╭─ 4 Events"])
      expect(screen).toContain(title)
    expect(screen).toContain("›Porch")
    expect(lines).toHaveLength(rows)
    expect(lines.at(-1)).toMatch(/^ \? help {2}q quit/)
    await terminal.press("q")
    expect(await terminal.until("ended with 0")).toBe("before\nended with 0")
  },
)

it("at 40×8 events and a status line are left, below that the line alone", async () => {
  await using terminal = await open(40, 8)
  const screen = await terminal.until("● live")
  expect(screen.split("\n")[0]).toContain("● live")
  expect(screen).not.toContain("Systems")
  await terminal.resize(38, 6)
  await terminal.until(/^● live {2}■ Home armed/)
})

it("the screen follows a resize while it runs", async () => {
  await using terminal = await open(120, 40)
  await terminal.until("3 Porch")
  await terminal.resize(80, 24)
  const small = await terminal.until((screen) => !screen.includes("3 Porch") && screen.includes("4 Events"))
  expect(small.split("\n").every((line) => line.length <= 80)).toBe(true)
  await terminal.resize(200, 50)
  await terminal.until((screen) => screen.includes("3 Porch") && screen.split("\n").length === 50)
})

it("a motion appears with its lag, a filter narrows to it, and a pause keeps counting", async () => {
  await using terminal = await open(120, 40)
  await terminal.until("■ armed")
  await emulated.cloud.motion({ camera: "Garden", publish_after_ms: 0 })
  // A motion brings a clip and a new picture: while they are still to come nothing can be counted.
  await terminal.until((screen) => ["● Garden", "▸ Garden", "▫ Garden"].every((row) => screen.includes(row)))
  await terminal.press("/")
  await terminal.type("garden pir")
  await terminal.until("/garden pir")
  expect(await terminal.until((screen) => !/▫|▸/.test(screen))).toMatch(/● Garden +motion/)
  await terminal.press("Enter", "p")
  await terminal.until("paused, 0 waiting")
  await emulated.cloud.motion({ camera: "Garden", publish_after_ms: 0 })
  await terminal.until(/paused, [1-9] waiting/)
  await terminal.press("p")
  await terminal.until((screen) => !screen.includes("paused"))
})

it("without --control nothing can be changed, and the screen says why", async () => {
  await using terminal = await open(100, 30)
  await terminal.until("■ armed")
  await terminal.press("D")
  await terminal.until("read-only: start with --control to change anything")
  expect((await emulated.cloud.world()).networks.find(({ name }) => name === "Home")?.armed).toBe(true)
})

it("disarming asks, and ends verified", async () => {
  await using terminal = await open(120, 40, ["--control"])
  await terminal.until("■ armed")
  await terminal.press("D")
  await terminal.until("Disarm Home?")
  await terminal.press("n")
  await terminal.until((screen) => !screen.includes("Disarm Home?"))
  await terminal.press("D")
  await terminal.until("Disarm Home?")
  await terminal.press("y")
  await terminal.until(/disarm Home: sent → .*verified/)
  await terminal.until(/Home +□ disarmed/)
  expect((await emulated.cloud.world()).networks.find(({ name }) => name === "Home")?.armed).toBe(false)
  await terminal.press("L")
  await terminal.until("✓ disarm Home")
})

it("a command may be typed", async () => {
  await using terminal = await open(100, 30, ["--control"])
  await terminal.until("■ armed")
  await terminal.press(":")
  await terminal.type("fly home")
  await terminal.press("Enter")
  await terminal.until('"fly" is no command')
  await terminal.press(":")
  await terminal.type("motion off porch")
  await terminal.press("Enter")
  await terminal.until(/Porch +○ off/)
  await terminal.press(":")
  await terminal.type("motion on porch")
  await terminal.press("Enter")
  await terminal.until(/Porch +◉ on/)
})

it("help, health and detail open and close", async () => {
  await using terminal = await open(100, 30)
  await terminal.until("■ armed")
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

it("marks move, and what is marked can be copied, played, acknowledged, hushed and looked at", async () => {
  const folder = temporaryFolder()
  const player = join(folder, "player")
  writeFileSync(player, `#!/bin/sh\necho "$1" > ${folder}/played\n`, { mode: 0o755 })
  await using terminal = await open(120, 40, [], { BLINK_STREAMS_PLAYER: player })
  await terminal.until("■ armed")
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
  await terminal.until("copied 7310001:camera:8800101")
  await terminal.press("s")
  await terminal.until("Porch is quiet here for 15 m")
  // In one piece, as from fast fingers or a slow machine.
  await terminal.type("1\t\tG")
  await terminal.until("›Front Door")
  await terminal.press("g", "BTab", "G")
  await terminal.until("›Front Door")
  await emulated.cloud.motion({ camera: "Garden", publish_after_ms: 0 })
  await terminal.until(/•\S+ ● Garden +motion/)
  await terminal.press("4", "k", "k")
  await terminal.until("held, f follows")
  await terminal.press("f")
  await terminal.until((screen) => !screen.includes("held"))
  await terminal.press("X")
  await terminal.until((screen) => !screen.includes("•"))
  await terminal.press("/")
  await terminal.type("motion garden")
  await terminal.press("Enter", "k", "o")
  await terminal.until("opening the clip")
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
  await terminal.until(/look at the home: sent/)
})

it("a player that is not there is told", async () => {
  await using terminal = await open(100, 30, [], { BLINK_STREAMS_PLAYER: "/nowhere/player" })
  await terminal.until("■ armed")
  await emulated.cloud.motion({ camera: "Porch", publish_after_ms: 0 })
  await terminal.until(/● Porch +motion/)
  await terminal.press("o")
  await terminal.until("/nowhere/player can't be started: set BLINK_STREAMS_PLAYER")
})

it("a lost broadcaster leaves the last state under a veil, and comes back by itself", async () => {
  await using other = await signInToEmulator()
  const own = await startBroadcaster(other, ["--no-feed"])
  await using terminal = await Terminal.open({
    columns: 120,
    rows: 40,
    args: ["watch", "--connect", `ws://127.0.0.1:${own.port}`],
    environment: other.environment,
  })
  await terminal.until("● live")
  own.process.kill("SIGKILL")
  await own.process.ended
  const dimmed = await terminal.until("✗ offline")
  expect(dimmed).toMatch(/as of \d\d:\d\d/)
  expect(dimmed).toContain("■ armed")
  const again = await startBroadcaster(other, ["--no-feed", "--port", own.port])
  await terminal.until("● live", 30_000)
  again.process.kill("SIGINT")
  await again.process.ended
})

it("a lost session asks for the password in a modal, masked, and goes on", async () => {
  await using other = await signInToEmulator()
  const own = await startBroadcaster(other, ["--no-feed"])
  await using terminal = await Terminal.open({
    columns: 100,
    rows: 30,
    args: ["watch"],
    environment: own.environment,
  })
  await terminal.until("■ armed")
  await other.cloud.revokeTokens("refresh")
  await other.cloud.revokeTokens("access")
  await terminal.until("password: ▏")
  await terminal.type("not-the-password")
  await terminal.press("Enter")
  await terminal.until(/password is wrong/)
  await terminal.type(other.cloud.account.password)
  expect(await terminal.until("password: •")).not.toContain(other.cloud.account.password)
  await terminal.press("Enter")
  await terminal.until((screen) => screen.includes("● live") && screen.includes("session active"))
  own.process.kill("SIGINT")
  await own.process.ended
})

it("a code is asked for in a modal that says when another can be had", async () => {
  await using other = await signInToEmulator()
  // The cloud knows this installation no more, so the password alone does not do.
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
  await terminal.until("■ armed")
  await other.cloud.revokeTokens("refresh")
  await other.cloud.revokeTokens("access")
  await terminal.until("password: ▏")
  await terminal.type(other.cloud.account.password)
  await terminal.press("Enter")
  const shown = await terminal.until(/Blink sent a code by \w+ for account 7310001/)
  expect(shown).toMatch(/no code\? another can be had in \d+ s/)
  expect(shown).toContain("4 Events")
  await terminal.type("000000")
  expect(await terminal.until("code: ••••••▏")).not.toContain("000000")
  await terminal.press("Enter")
  await terminal.until(/code is wrong/)
  await terminal.press("Escape")
  await terminal.until("a sign-in waits for you: press enter")
  await terminal.press("Enter")
  await terminal.until("code: ▏")
  await terminal.type(other.cloud.account.pin)
  await terminal.press("Enter")
  await terminal.until((screen) => screen.includes("● live") && !screen.includes("Sign-in"))
  own.process.kill("SIGINT")
  await own.process.ended
})

it("a crash restores the terminal, then says what happened", async () => {
  const crashing = "data:text/javascript,process.on('SIGUSR2',()=>{throw new Error('broken')})"
  await using terminal = await open(100, 30, [], { NODE_OPTIONS: `--import "${crashing}"` })
  await terminal.until("■ armed")
  process.kill(await terminal.pid(), "SIGUSR2")
  expect(await terminal.until("ended with 2")).toMatch(/^before\nError: broken\n/)
})

it("Ctrl-Z gives the terminal to the shell, and fg takes it back", async () => {
  await using terminal = await Terminal.shell({
    columns: 100,
    rows: 30,
    environment: broadcaster.environment,
  })
  await terminal.type(command(["watch"]))
  await terminal.press("Enter")
  await terminal.until("■ armed")
  await terminal.press("C-z")
  await terminal.until(/Stopped/)
  await terminal.type("fg")
  await terminal.press("Enter")
  await terminal.until("■ armed")
  await terminal.press("q")
  await terminal.until((screen) => screen.includes("Stopped") && !screen.includes("■ armed"))
})

it.each(["SIGTERM", "SIGHUP"] as const)("%s restores the terminal", async (signal) => {
  await using terminal = await open(100, 30)
  await terminal.until("■ armed")
  process.kill(await terminal.pid(), signal)
  expect(await terminal.until("ended with")).toMatch(/^before\n/)
})

it("Ctrl-C restores the terminal and is a fine end", async () => {
  await using terminal = await open(100, 30)
  await terminal.until("■ armed")
  await terminal.press("C-c")
  expect(await terminal.until("ended with")).toBe("before\nended with 0")
})

it("without colours no colour is written, and words and glyphs say it all", async () => {
  await using plain = await open(100, 30, [], { NO_COLOR: "1" })
  await plain.until("■ armed")
  // Bold and reversed text is not colour.
  const sequences = (await plain.colouredScreen()).split("\u001B[").slice(1)
  expect(sequences.filter((sequence) => /^[\d;]*(3[0-8]|4[0-8]|9\d)[;m]/.test(sequence))).toEqual([])
})

it("a dumb terminal gets lines", async () => {
  await using terminal = await open(100, 30, ["--count", "1"], { TERM: "dumb" })
  const emitMotion = async () => {
    // Nothing on such a screen tells when it begins to listen.
    await emulated.cloud.motion({ camera: "Garage", publish_after_ms: 0 })
    return terminal.screen()
  }
  await expect.poll(emitMotion, { interval: 300, timeout: 20_000 }).toContain("ended with 0")
  expect(await terminal.screen()).toMatch(/before\n\d\d:\d\d:\d\d {2}\S Garage/)
})

it("a hostile name reaches the screen as harmless text", async () => {
  const name = "\u001B[2J\u001B]0;owned\u0007Por\u202Ech\u001B[31m"
  await emulated.cloud.change({ camera: "Garage", set: { name } })
  await using terminal = await open(100, 30)
  await terminal.until("›Porch")
  expect(await terminal.until(/ Porch +◉ on/)).toContain("1 Systems")
  await emulated.cloud.change({ camera: name, set: { name: "Garage" } })
})
