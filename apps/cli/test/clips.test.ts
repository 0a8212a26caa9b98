import { execFile } from "node:child_process"
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs"
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
/** Every MP4 begins with its type. */
const isComplete = (path: string): boolean => readFileSync(path).subarray(4, 8).toString() === "ftyp"

interface Listed {
  readonly id: string
  readonly cameraName: string
}
const listed = async (...args: ReadonlyArray<string>): Promise<ReadonlyArray<Listed>> =>
  JSON.parse((await run("clips", "list", "--json", ...args)).stdout)

it("clips are listed newest first, by camera and by age", async () => {
  const all = await listed()
  expect(all.length).toBeGreaterThan(3)
  expect((await listed("--limit", "2")).map(({ id }) => id)).toEqual(all.slice(0, 2).map(({ id }) => id))
  const ofPorch = await listed("--camera", "porch")
  expect(new Set(ofPorch.map(({ cameraName }) => cameraName))).toEqual(new Set(["Porch"]))
  expect((await listed("--since", "1d")).length).toBeLessThan(all.length)
  expect((await run("clips", "list", "--limit", "1")).stdout).toMatch(/^\d+ +\d{4}-\d\d-\d\dT/)
})

it("one clip is saved under the name it is given, and none that isn't there", async () => {
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

it("an interrupted download goes on where it stopped", async () => {
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

it("sync copies what is not there yet, and never asks to mark a clip as viewed", async () => {
  const folder = join(temporaryFolder(), "archive")
  const before = await listed()
  await expect(run("clips", "sync", folder)).resolves.toMatchObject({ code: 0 })
  expect(copies(folder)).toHaveLength(before.length)
  expect(copies(folder).every((file) => isComplete(join(folder, file)))).toBe(true)
  await expect(run("clips", "sync", folder)).resolves.toMatchObject({ code: 0, stdout: "" })
  expect((await emulated.cloud.requests()).filter(({ path }) => path.includes("mark_as_viewed"))).toEqual([])
})

it("what an archive removed for room is not fetched again", async () => {
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

it("kill -9 at any moment leaves only whole clips, and the next sync has them all", async () => {
  const folder = join(temporaryFolder(), "archive")
  const total = (await listed()).length
  await emulated.cloud.fault({ match: { path: "mp4" }, do: { delay_ms: 60 } })
  for (const millis of [450, 600, 750, 900]) {
    const syncing = start(["clips", "sync", folder], emulated.environment)
    await new Promise((resolve) => setTimeout(resolve, millis))
    syncing.kill("SIGKILL")
    await syncing.ended
    if (existsSync(folder))
      for (const file of copies(folder)) expect(isComplete(join(folder, file))).toBe(true)
  }
  await emulated.cloud.clearFaults()
  await expect(run("clips", "sync", folder)).resolves.toMatchObject({ code: 0 })
  expect(copies(folder)).toHaveLength(total)
  expect(readdirSync(folder).filter((file) => file.endsWith(".part"))).toEqual([])
})

it("a full disk is told, and the clip goes on next time", async () => {
  const folder = temporaryFolder()
  // A disk of 100 kB, in a name space of its own.
  const script = `mount -t tmpfs -o size=100k none "$1" && { "$2" "$3" clips sync "$1"; echo "code $?"; ls "$1"; }`
  const { stdout, stderr } = await execute(
    "unshare",
    ["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh", folder, process.execPath, binary],
    { env: cleanEnvironment(emulated.environment) },
  )
  expect(stderr).toMatch(/^blink-streams: the disk is full: .* goes on next time\n$/)
  expect(stdout).toContain("code 2")
  expect(stdout).toContain(".mp4.part")
})

it("delete asks a terminal, and with --yes deletes at once", async () => {
  const [clip] = await listed()
  await expect(run("clips", "delete", clip!.id)).resolves.toMatchObject({
    code: 1,
    stderr: `blink-streams: there is no terminal to ask on whether to delete clip ${clip!.id} for good: give --yes\n`,
  })
  await expect(run("clips", "delete", "local:7", "--yes")).resolves.toMatchObject({ code: 1 })
  await expect(run("clips", "delete", clip!.id, "--yes")).resolves.toMatchObject({ code: 0 })
  expect((await listed()).map(({ id }) => id)).not.toContain(clip!.id)
})

it("live is MPEG-TS on standard output, and ends the session at the cloud", async () => {
  const viewing = await execute(process.execPath, [binary, "live", "Living Room", "--duration", "4s"], {
    env: cleanEnvironment(emulated.environment),
    encoding: "buffer",
    maxBuffer: 64 * 1024 * 1024,
  })
  expect(viewing.stdout.length).toBeGreaterThan(188)
  expect(viewing.stdout[0]).toBe(0x47)
  expect(viewing.stdout[188]).toBe(0x47)
  const requests = await emulated.cloud.requests()
  expect(requests.some(({ path }) => /commands?\/\d+\/done/.test(path))).toBe(true)
})
