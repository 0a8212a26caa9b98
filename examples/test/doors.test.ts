import { type Cloud, emulator } from "@blink-streams/emulator"
import { copyFile, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, test } from "vitest"
import { run, signIn } from "./running.ts"

describe("each door tells of a motion, exactly once", () => {
  let cloud: Cloud
  let home: string
  beforeAll(async () => {
    cloud = await emulator({ scenario: "quiet" })
    home = await mkdtemp(join(tmpdir(), "examples-"))
    await signIn(cloud, home)
  })
  afterAll(async () => {
    await cloud[Symbol.asyncDispose]()
    await rm(home, { recursive: true })
  })

  test.concurrent.each([
    ["promises.ts", 0],
    ["observables.ts", 0],
    ["effects.ts", 130],
  ])("%s", { timeout: 90_000 }, async (program, exitCode) => {
    const folder = await mkdtemp(join(tmpdir(), "example-"))
    await copyFile(join(home, "session.json"), join(folder, "session.json"))
    const example = run(program, folder, cloud)
    await example.printed("Home is armed")
    const { id } = await cloud.motion({ camera: "Porch", duration: 5, publish_after_ms: 0 })
    await example.printed(`"clipId":"${id}"`)
    assert.strictEqual(await example.interrupt(), exitCode)
    assert.strictEqual(example.text.split(`"clipId":"${id}"`).length - 1, 1, example.text)
    await rm(folder, { recursive: true })
  })
})
