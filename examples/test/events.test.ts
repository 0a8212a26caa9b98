import { type EmulatedCloud, startEmulator } from "@blink-streams/emulator"
import { copyFile, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, test } from "vitest"
import { runExample, signIn } from "./runExample.ts"

describe("Each events example prints a motion exactly once", () => {
  let cloud: EmulatedCloud
  let sessionFolder: string
  beforeAll(async () => {
    cloud = await startEmulator({ scenario: "quiet" })
    sessionFolder = await mkdtemp(join(tmpdir(), "examples-"))
    await signIn(cloud, sessionFolder)
  })
  afterAll(async () => {
    await cloud[Symbol.asyncDispose]()
    await rm(sessionFolder, { recursive: true })
  })

  test.concurrent.each([
    ["events/promises.ts", 0],
    ["events/rxjs.ts", 0],
    ["events/effect.ts", 130],
  ])("%s prints a motion exactly once", { timeout: 90_000 }, async (program, exitCode) => {
    const folder = await mkdtemp(join(tmpdir(), "example-"))
    await copyFile(join(sessionFolder, "session.json"), join(folder, "session.json"))
    const example = runExample(program, folder, cloud)
    await example.printed("Home is armed")
    const { id } = await cloud.motion({ camera: "Porch", duration: 5, publish_after_ms: 0 })
    await example.printed(`"clipId":"${id}"`)
    assert.strictEqual(await example.interrupt(), exitCode)
    assert.strictEqual(example.text.split(`"clipId":"${id}"`).length - 1, 1, example.text)
    await rm(folder, { recursive: true })
  })
})
