import { execFile, spawn } from "node:child_process"
import { on, once } from "node:events"
import { existsSync, mkdirSync, readFileSync, readdirSync, watch, writeFileSync } from "node:fs"
import { join } from "node:path"
import { promisify } from "node:util"
import { afterAll, beforeAll, expect, it } from "vitest"
import { binary, blinkStreams, cleanEnvironment, start, temporaryFolder } from "./binary.ts"
import { type EmulatedAccount, signInToEmulator } from "./emulatedAccount.ts"

const execute = promisify(execFile)

let emulated: EmulatedAccount
beforeAll(async () => {
  emulated = await signInToEmulator()
})
afterAll(() => emulated[Symbol.asyncDispose]())

const run = (...args: ReadonlyArray<string>) => blinkStreams(args, emulated.environment)
const copies = (folder: string) => readdirSync(folder).filter((file) => file.endsWith(".mp4"))
/** An MP4 file starts with a box of type `ftyp`. */
const isComplete = (path: string): boolean => readFileSync(path).subarray(4, 8).toString() === "ftyp"

interface Listed {
  readonly id: string
  readonly cameraName: string
}
const listed = async (...args: ReadonlyArray<string>): Promise<ReadonlyArray<Listed>> =>
  JSON.parse((await run("clips", "list", "--json", ...args)).stdout)

it("clips list prints clips newest first and filters by camera and age", async () => {
  const all = await listed()
  expect(all.length).toBeGreaterThan(3)
  expect((await listed("--limit", "2")).map(({ id }) => id)).toEqual(all.slice(0, 2).map(({ id }) => id))
  const ofPorch = await listed("--camera", "porch")
  expect(new Set(ofPorch.map(({ cameraName }) => cameraName))).toEqual(new Set(["Porch"]))
  expect((await listed("--since", "1d")).length).toBeLessThan(all.length)
  expect((await run("clips", "list", "--limit", "1")).stdout).toMatch(/^\d+ +\d{4}-\d\d-\d\dT/)
})

it("clips download saves a clip to the given path and fails for an unknown id", async () => {
  const [clip] = await listed()
  const path = join(temporaryFolder(), "one.mp4")
  await expect(run("clips", "download", clip!.id, "--to", path)).resolves.toMatchObject({
    code: 0,
    stdout: `${path}\n`,
  })
  expect(isComplete(path)).toBe(true)
  await expect(run("clips", "download", "1", "--to", path)).resolves.toMatchObject({
    code: 2,
    stderr: "blink-streams: there is no clip 1\n",
  })
})

it("clips download resumes from a partial file", async () => {
  const [clip] = await listed()
  const folder = temporaryFolder()
  const completePath = join(folder, "whole.mp4")
  await run("clips", "download", clip!.id, "--to", completePath)
  const path = join(folder, "again.mp4")
  writeFileSync(`${path}.part`, readFileSync(completePath).subarray(0, 1_000))
  await expect(run("clips", "download", clip!.id, "--to", path)).resolves.toMatchObject({ code: 0 })
  expect(readFileSync(path).equals(readFileSync(completePath))).toBe(true)
  expect(existsSync(`${path}.part`)).toBe(false)
})

it("clips sync copies missing clips and never sends mark_as_viewed", async () => {
  const folder = join(temporaryFolder(), "archive")
  const before = await listed()
  await expect(run("clips", "sync", folder)).resolves.toMatchObject({ code: 0 })
  expect(copies(folder)).toHaveLength(before.length)
  expect(copies(folder).every((file) => isComplete(join(folder, file)))).toBe(true)
  await expect(run("clips", "sync", folder)).resolves.toMatchObject({ code: 0, stdout: "" })
  expect((await emulated.cloud.requests()).filter(({ path }) => path.includes("mark_as_viewed"))).toEqual([])
})

it("clips sync does not download clips again that --keep-size removed", async () => {
  const folder = join(temporaryFolder(), "archive")
  await run("clips", "sync", folder)
  const all = copies(folder).length
  await expect(run("clips", "sync", folder, "--keep-size", "1")).resolves.toMatchObject({ code: 0 })
  const kept = copies(folder).length
  expect(kept).toBeLessThan(all)
  await expect(run("clips", "sync", folder, "--keep-size", "1")).resolves.toMatchObject({
    code: 0,
    stdout: "",
  })
  expect(copies(folder)).toHaveLength(kept)
})

it("clips sync leaves only complete clips when it is killed, and the next run completes the archive", async () => {
  const folder = join(temporaryFolder(), "archive")
  const total = (await listed()).length
  await emulated.cloud.fault({ match: { path: "mp4" }, do: { drip_ms: 5 } })
  mkdirSync(folder)
  // Killed after so many changes in the folder: a new partial file, 16 parts of its content, its new name.
  for (const changes of [1, 9, 18, 30]) {
    const watcher = watch(folder)
    const changed = on(watcher, "change")
    const syncing = start(["clips", "sync", folder], emulated.environment)
    for (let seen = 0; seen < changes; seen++) await Promise.race([changed.next(), syncing.ended])
    syncing.kill("SIGKILL")
    expect((await syncing.ended).signal).toBe("SIGKILL")
    watcher.close()
    for (const file of copies(folder)) expect(isComplete(join(folder, file))).toBe(true)
  }
  await emulated.cloud.clearFaults()
  await expect(run("clips", "sync", folder)).resolves.toMatchObject({ code: 0 })
  expect(copies(folder)).toHaveLength(total)
  expect(readdirSync(folder).filter((file) => file.endsWith(".part"))).toEqual([])
})

it("clips sync reports a full disk and keeps the partial file", async () => {
  const folder = temporaryFolder()
  // A file system of 100 kB in a mount namespace of its own.
  const script = `mount -t tmpfs -o size=100k none "$1" && { "$2" "$3" clips sync "$1"; echo "code $?"; ls "$1"; }`
  const { stdout, stderr } = await execute(
    "unshare",
    ["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh", folder, process.execPath, binary],
    { env: cleanEnvironment(emulated.environment) },
  )
  expect(stderr).toMatch(/^blink-streams: the disk is full: .* resumes next time\n$/)
  expect(stdout).toContain("code 2")
  expect(stdout).toContain(".mp4.part")
})

it("clips delete requires a confirmation on a terminal unless --yes is given", async () => {
  const [clip] = await listed()
  await expect(run("clips", "delete", clip!.id)).resolves.toMatchObject({
    code: 1,
    stderr: `blink-streams: cannot prompt for confirmation without a terminal to delete clip ${clip!.id} permanently: give --yes\n`,
  })
  await expect(run("clips", "delete", "local:7", "--yes")).resolves.toMatchObject({ code: 1 })
  await expect(run("clips", "delete", clip!.id, "--yes")).resolves.toMatchObject({ code: 0 })
  expect((await listed()).map(({ id }) => id)).not.toContain(clip!.id)
})

it("live writes MPEG-TS to standard output and closes the live session of the cloud", async () => {
  const viewing = spawn(process.execPath, [binary, "live", "Living Room"], {
    env: cleanEnvironment(emulated.environment),
    stdio: ["ignore", "pipe", "inherit"],
  })
  const ended = once(viewing, "exit")
  const chunks: Array<Buffer> = []
  for await (const chunk of viewing.stdout) {
    chunks.push(chunk)
    if (Buffer.concat(chunks).length > 188) break
  }
  // The closed pipe ends the view, as when a player is closed.
  await ended
  const video = Buffer.concat(chunks)
  expect([video[0], video[188]]).toEqual([0x47, 0x47])
  const requests = await emulated.cloud.requests()
  expect(requests.some(({ path }) => /commands?\/\d+\/done/.test(path))).toBe(true)
})
