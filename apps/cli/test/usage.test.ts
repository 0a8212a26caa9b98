import { execFileSync, spawnSync } from "node:child_process"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Command } from "commander"
import { expect, it } from "vitest"
import { makeProgram } from "../src/program.ts"
import { binary, blinkStreams, cleanEnvironment, temporaryFolder } from "./binary.ts"
import { runInProcess } from "./runInProcess.ts"

it("--help and --version exit with 0, and an unknown command with 1", async () => {
  const help = await blinkStreams(["--help"])
  expect(help).toMatchObject({ code: 0, stderr: "" })
  expect(help.stdout).toContain("Watch and control:")
  await expect(blinkStreams(["--version"])).resolves.toMatchObject({ code: 0, stdout: "0.0.0\n" })
  await expect(blinkStreams(["wach"])).resolves.toMatchObject({
    code: 1,
    stdout: "",
    stderr: "blink-streams: unknown command 'wach' (Did you mean watch?)\n",
  })
})

const commandsOf = (
  command: Command,
  path: ReadonlyArray<string> = [],
): ReadonlyArray<ReadonlyArray<string>> =>
  command.commands.flatMap((child) => [
    [...path, child.name()],
    ...commandsOf(child, [...path, child.name()]),
  ])

it("Every command has help with its own examples", async () => {
  for (const path of commandsOf(makeProgram("0.0.0"))) {
    const { code, stdout, stderr } = await runInProcess([...path, "--help"])
    expect({ path, code, stderr }).toEqual({ path, code: 0, stderr: "" })
    expect(stdout).toContain(`Usage: blink-streams ${path.join(" ")}`)
    expect(stdout).toMatch(new RegExp(`Examples:\n  \\$ blink-streams ${path.join(" ")}`))
  }
})

it.each([
  [["wach"], "unknown command 'wach' (Did you mean watch?)"],
  [["watch", "--jsn"], "unknown option '--jsn' (Did you mean --json?)"],
  [["arm", "Home", "Cabin"], "too many arguments"],
  [["snap"], "missing required argument 'camera'"],
  [["watch", "--count", "many"], "expected a whole number"],
  [["watch", "--timeout", "soon"], "expected a duration such as 30s or 2 minutes"],
  [["clips", "list", "--since", "once"], "expected a date or a duration"],
  [["watch", "--connect", "ftp://x"], '"ftp://x" is not the URL of a broadcaster'],
  [["conformance", "ftp://x"], '"ftp://x" is not the URL of a broadcaster'],
  [["watch", "--connect", "ws://127.0.0.1:1?token=x"], "set the token in BLINK_STREAMS_TOKEN"],
  [["serve", "--port", "high"], '--port is "high": expected a number from 0 to 65535'],
  [["serve", "--tls-cert", "/nowhere"], "--tls-cert and --tls-key belong together"],
  [["motion", "maybe", "Porch"], 'motion is "maybe": expected on or off'],
  [["emulator", "--scenario", "storm"], '--scenario is "storm": expected quiet, home, busy or a file'],
  [["watch", "--count", "0"], "expected a whole number above 0"],
  [["watch", "--until", "moton"], '--until is "moton": expected motion, doorbell.pressed'],
  [["watch", "--color", "purple"], "Allowed choices are 16, 256, truecolor"],
  [["snap", "Porch", "--json"], "--json prints the path of the saved picture: give --to FILE"],
  [["token", "create", "--name", ""], "expected a name of 1 to 64 characters"],
  [["emulator", "--port", "99999"], "expected a number from 0 to 65535"],
  [["demo", "--emulator-port", "99999"], "expected a number from 0 to 65535"],
  [["live", "Porch", "--duration", "long"], "expected a duration such as 30s or 2 minutes"],
  [["clips", "sync"], "missing required argument 'folder'"],
  [["clips", "delete"], "missing required argument 'ids'"],
  [["login", "--email", "user"], '"user" is not an e-mail address'],
  [["serve", "--state-interval", "5s"], "--state-interval is 5 s: expected at least 30 s"],
  [
    ["serve", "--clip-interval", "5s", "--api-url", "http://cloud.invalid"],
    "--clip-interval is 5 s: expected at least 15 s",
  ],
  [["clips", "sync", "/tmp", "--every", "1s"], "--every is 1 s: expected at least 15 s"],
])("%j is a usage error, reported in one line", async (args, message) => {
  const { code, stdout, stderr } = await runInProcess(args, { BLINK_STREAMS_DIR: temporaryFolder() })
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" })
  expect(stderr).toContain(message)
  expect(stderr.trim().split("\n")).toHaveLength(1)
})

it("An invalid setting in the environment or in blink-streams.json is reported in one line", async () => {
  const dir = temporaryFolder()
  await expect(
    runInProcess(["state"], { BLINK_STREAMS_DIR: dir, BLINK_DIALECT: "soap" }),
  ).resolves.toMatchObject({
    code: 1,
    stderr: 'blink-streams: BLINK_DIALECT is "soap": expected oauth or legacy\n',
  })
  await expect(
    runInProcess(["watch"], { BLINK_STREAMS_DIR: dir, BLINK_STREAMS_IMAGES: "ascii" }),
  ).resolves.toMatchObject({
    code: 1,
    stderr: 'blink-streams: BLINK_STREAMS_IMAGES is "ascii": expected kitty, iterm2, sixel, blocks or none\n',
  })
  writeFileSync(join(dir, "blink-streams.json"), '{"keys": {"quit": "j"}}')
  await expect(
    runInProcess(["watch", "--connect", "ws://127.0.0.1:1"], {
      BLINK_STREAMS_DIR: dir,
      BLINK_STREAMS_TOKEN: "x",
    }),
  ).resolves.toMatchObject({ code: 1, stderr: 'blink-streams: keys: "j" is bound to down and to quit\n' })
})

it("Commands exit with 5 without an account and a broadcaster", async () => {
  for (const args of [["state"], ["watch", "--json"], ["arm"], ["serve"], ["clips", "list"], ["logout"]]) {
    const { code, stderr } = await runInProcess([...args], {
      BLINK_STREAMS_DIR: temporaryFolder(),
      BLINK_STREAMS_PORT: "1",
    })
    expect({ args, code }).toEqual({ args, code: 5 })
    expect(stderr).toContain("blink-streams login")
  }
})

it("Hints use npx when npm started the program", async () => {
  const environment = { BLINK_STREAMS_DIR: temporaryFolder(), BLINK_STREAMS_PORT: "1" }
  const npx = { ...environment, npm_lifecycle_event: "npx" }
  for (const args of [["state"], ["serve"], ["clips", "list"], ["accounts"]]) {
    const { stdout, stderr } = await runInProcess(args, npx)
    expect(stdout + stderr).toContain(": run npx blink-streams login")
  }
  expect((await runInProcess(["state"], environment)).stderr).toContain(": run blink-streams login")
})

it("An older Node is reported in one line", () => {
  const older = 'Object.defineProperty(process.versions, "node", { value: "20.20.2" })'
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--import", `data:text/javascript,${encodeURIComponent(older)}`, binary, "--help"],
    { encoding: "utf8", env: cleanEnvironment({}) },
  )
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: "blink-streams: Node 22.19 or newer is required, this is 20.20.2\n",
  })
})

it("The token of the broadcaster on this machine is not sent to another host", async () => {
  const dir = temporaryFolder()
  writeFileSync(join(dir, "token"), "of this machine\n")
  for (const args of [
    ["state", "--connect", "ws://cameras.invalid"],
    ["conformance", "ws://cameras.invalid"],
  ])
    await expect(runInProcess(args, { BLINK_STREAMS_DIR: dir })).resolves.toMatchObject({
      code: 5,
      stderr: expect.stringContaining("requires a token: set BLINK_STREAMS_TOKEN"),
    })
  await expect(
    runInProcess(["watch", "--once", "--timeout", "1s", "--connect", "ws://localhost:1"], {
      BLINK_STREAMS_DIR: dir,
    }),
  ).resolves.toMatchObject({ code: 4 })
})

it("login without a terminal names the variables to set and leaves no file", async () => {
  const dir = temporaryFolder()
  const { code, stderr } = await runInProcess(["login", "--email", "a@example.com"], {
    BLINK_STREAMS_DIR: dir,
    BLINK_API_URL: "http://127.0.0.1:1",
    BLINK_OAUTH_URL: "http://127.0.0.1:1",
  })
  expect(code).toBe(5)
  expect(stderr).toContain("set BLINK_PASSWORD or BLINK_PASSWORD_FILE")
  await expect(runInProcess(["accounts", "--json"], { BLINK_STREAMS_DIR: dir })).resolves.toMatchObject({
    stdout: "[]\n",
  })
})

it("login exits with 4 when the cloud is unreachable", async () => {
  const { code, stderr } = await runInProcess(["login", "--email", "a@example.com"], {
    BLINK_STREAMS_DIR: temporaryFolder(),
    BLINK_API_URL: "http://127.0.0.1:1",
    BLINK_OAUTH_URL: "http://127.0.0.1:1",
    BLINK_PASSWORD: "x",
  })
  expect(code).toBe(4)
  expect(stderr.trim().split("\n")).toHaveLength(1)
})

it("A port in use is reported in one line that names the flag", async () => {
  const server = createServer().listen(0, "127.0.0.1")
  await new Promise((resolve) => server.once("listening", resolve))
  const port = String((server.address() as AddressInfo).port)
  try {
    await expect(blinkStreams(["emulator", "--port", port])).resolves.toMatchObject({
      code: 2,
      stderr: `blink-streams: port ${port} is in use: choose another with --port\n`,
    })
    const dir = temporaryFolder()
    await expect(
      blinkStreams(["demo", "--emulator-port", "0", "--port", port], { BLINK_STREAMS_DIR: dir }),
    ).resolves.toMatchObject({
      code: 2,
      stderr: `blink-streams: port ${port} is in use: choose another with --port\n`,
    })
    await expect(
      blinkStreams(["demo", "--port", "0", "--emulator-port", port], { BLINK_STREAMS_DIR: dir }),
    ).resolves.toMatchObject({
      code: 2,
      stderr: `blink-streams: port ${port} is in use: choose another with --emulator-port\n`,
    })
  } finally {
    server.close()
  }
})

const demoIn = (folder: string) =>
  blinkStreams(["demo", "--port", "0", "--emulator-port", "0", "--dir", folder])

it("A state folder that cannot be created is reported in one line that names the flag", async () => {
  const file = join(temporaryFolder(), "file")
  writeFileSync(file, "")
  const hint = "choose another state folder with --dir"
  const unusable = join(file, "x")
  await expect(demoIn(unusable)).resolves.toMatchObject({
    code: 2,
    stderr: `blink-streams: ${unusable} can't be used (ENOTDIR): ${hint}\n`,
  })
  // On Linux, folders cannot be created below /proc.
  if (process.platform === "linux")
    await expect(demoIn("/proc/blink/streams")).resolves.toMatchObject({
      code: 2,
      stderr: `blink-streams: /proc/blink/streams can't be used (ENOENT): ${hint}\n`,
    })
})

it("--completions prints scripts that bash, zsh and fish accept", async () => {
  const { stdout } = await blinkStreams(["--completions", "bash"])
  expect(() => execFileSync("bash", ["-n"], { input: stdout })).not.toThrow()
  for (const [words, found] of [
    [`clips ""`, "list download delete sync"],
    [`watch --theme ""`, "dark light colourblind"],
    ["watch --theme=dark --cont", "--control"],
  ] as const) {
    const complete = `${stdout}\nCOMP_WORDS=(blink-streams ${words}); COMP_CWORD=$((\${#COMP_WORDS[@]}-1)); _blink_streams; echo "\${COMPREPLY[*]}"`
    expect(execFileSync("bash", ["--norc"], { input: complete, encoding: "utf8" })).toContain(found)
  }
  for (const [shell, check] of [
    ["zsh", ["-f", "-n"]],
    ["fish", ["--no-config", "--no-execute"]],
  ] as const) {
    const script = await blinkStreams(["--completions", shell])
    expect(script.code).toBe(0)
    expect(script.stdout).toContain("live terminal dashboard")
    const file = join(temporaryFolder(), shell)
    writeFileSync(file, script.stdout)
    // Checked by the shell itself where it is installed.
    const read = spawnSync(shell, [...check, file], { encoding: "utf8" })
    expect(read.error === undefined ? read.stderr : "").toBe("")
  }
})

it("A closed pipe ends the program with 0 and no error", () => {
  const text = execFileSync(
    "bash",
    ["-c", `"$0" "$1" --completions fish | head -1; echo "\${PIPESTATUS[0]}"`, process.execPath, binary],
    {
      encoding: "utf8",
      env: cleanEnvironment({}),
    },
  )
  expect(text.trim().split("\n").at(-1)).toBe("0")
})
