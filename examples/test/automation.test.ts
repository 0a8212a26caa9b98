import { type EmulatedCloud, startEmulator } from "@blink-streams/emulator"
import { fileStore, monitorAccount } from "@blink-streams/events/promise"
import type { CursorEvent } from "@blink-streams/model"
import { copyFile, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, test, vi } from "vitest"
import { runExample, signIn } from "./runExample.ts"

const timeout = 90_000

const temporaryFolder = async () => {
  const path = await mkdtemp(join(tmpdir(), "example-"))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) }
}

/** Waits until a program that has just been started has polled the clips once more. */
const clipsPolled = async (cloud: EmulatedCloud, before: number) => {
  const isPolled = async () =>
    (await cloud.requests()).slice(before).some(({ path }) => path.includes("media/changed"))
  await vi.waitUntil(isPolled, { timeout: 60_000 })
}

/** Events of a log that a program has written, by account options of a program that has ended. */
const recorded = async (cloud: EmulatedCloud, folder: string, session: string, log: string) => {
  await using account = await monitorAccount({
    store: fileStore(join(folder, session)),
    log: join(folder, log),
    apiUrl: cloud.url,
    oauthUrl: cloud.url,
  })
  const events: Array<CursorEvent<"arm.changed" | "command.progress">> = []
  for await (const event of account.history({ kinds: ["arm.changed", "command.progress"] }))
    events.push(event)
  return events
}

describe("Each example of a light switches it on at motion while armed", () => {
  test.concurrent.each(["light/promises.ts", "light/rxjs.ts", "light/effect.ts"])(
    "%s switches the light on and off with commands that are recorded as its own",
    { timeout },
    async (program) => {
      await using cloud = await startEmulator({ scenario: "quiet" })
      await using folder = await temporaryFolder()
      await signIn(cloud, folder.path)
      const { length } = await cloud.requests()
      const example = runExample(program, folder.path, cloud, {}, ["Living Room", "1"])
      await example.printed("waits for motion")
      await clipsPolled(cloud, length)
      await cloud.motion({ camera: "Porch", duration: 5, publish_after_ms: 0 })
      await example.printed("motion: Porch, light on")
      const lightRequests = async () =>
        (await cloud.requests()).flatMap(({ path }) => /\/lights\/(on|off)/.exec(path)?.[1] ?? [])
      await vi.waitUntil(async () => (await lightRequests()).length >= 2, { timeout: 60_000 })
      assert.deepStrictEqual(await lightRequests(), ["on", "off"])
      await example.interrupt()
      const events = await recorded(cloud, folder.path, "session.json", "events.db")
      const sources = events.filter(({ kind }) => kind === "command.progress").map(({ source }) => source)
      assert.deepStrictEqual([...new Set(sources)], ["command"])
    },
  )
})

describe("Each example of a time of day arms the system then", () => {
  test.concurrent.each(["armAt/promises.ts", "armAt/rxjs.ts", "armAt/effect.ts"])(
    "%s arms a system, and the change is recorded as its own",
    { timeout },
    async (program) => {
      await using cloud = await startEmulator({ scenario: "quiet" })
      await using folder = await temporaryFolder()
      await signIn(cloud, folder.path)
      const soon = new Date(Date.now() + 90_000)
      const time = `${soon.getHours()}:${String(soon.getMinutes()).padStart(2, "0")}`
      const example = runExample(program, folder.path, cloud, {}, ["Cabin", time])
      await example.printed("Cabin is armed")
      await example.interrupt()
      const events = await recorded(cloud, folder.path, "session.json", "events.db")
      const changes = events.flatMap((event) => (event.kind === "arm.changed" ? [event.data] : []))
      assert.strictEqual(changes.at(-1)?.to, "armed")
      assert.deepStrictEqual([...new Set(changes.map(({ by }) => by))], ["command"])
    },
  )
})

describe("Each example of statistics prints the motions per hour and camera", () => {
  test.concurrent.each(["motionCounts/promises.ts", "motionCounts/rxjs.ts", "motionCounts/effect.ts"])(
    "%s counts the clips that the cloud has at the first sign-in",
    { timeout },
    async (program) => {
      await using cloud = await startEmulator({ scenario: "quiet" })
      await using folder = await temporaryFolder()
      await signIn(cloud, folder.path)
      await cloud.motion({ camera: "Porch", duration: 5, publish_after_ms: 0 })
      await cloud.motion({ camera: "Porch", duration: 5, publish_after_ms: 0 })
      const example = runExample(program, folder.path, cloud)
      await example.printed(":00Z Porch 2")
      await example.interrupt()
    },
  )
})

describe("Each example of two accounts follows the first with the second", () => {
  test.concurrent.each([
    ["accounts/promises.ts", "events.db"],
    ["accounts/rxjs.ts", "second.db"],
    ["accounts/effect.ts", "events.db"],
  ])(
    "%s disarms the second account with commands that are recorded as its own",
    { timeout },
    async (program, log) => {
      await using cloud = await startEmulator({ scenario: "quiet" })
      await using folder = await temporaryFolder()
      const { accounts } = await cloud.addAccount({ networks: 1, cameras: 1 })
      await signIn(cloud, folder.path)
      await copyFile(join(folder.path, "session.json"), join(folder.path, "first.json"))
      await rm(join(folder.path, "session.json"))
      await signIn(cloud, folder.path, accounts[0])
      await copyFile(join(folder.path, "session.json"), join(folder.path, "second.json"))
      const example = runExample(program, folder.path, cloud)
      await example.printed("following")
      await cloud.change({ network: "Home", set: { armed: false } })
      await example.printed(" is disarmed")
      await cloud.change({ network: "Home", set: { armed: true } })
      await example.printed(" is armed")
      await example.interrupt()
      const events = await recorded(cloud, folder.path, "second.json", log)
      const changes = events.flatMap((event) => (event.kind === "arm.changed" ? [event.data.by] : []))
      assert.isNotEmpty(changes)
      assert.deepStrictEqual([...new Set(changes)], ["command"])
    },
  )
})
