import { startEmulator } from "@blink-streams/emulator"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, test, vi } from "vitest"
import { runExample, signIn } from "./runExample.ts"

describe("Each events example prints a motion exactly once", () => {
  test.concurrent.each([
    ["events/promises.ts", 0],
    ["events/rxjs.ts", 0],
    ["events/effect.ts", 130],
  ])("%s prints a motion exactly once", { timeout: 90_000 }, async (program, exitCode) => {
    await using cloud = await startEmulator({ scenario: "quiet" })
    const folder = await mkdtemp(join(tmpdir(), "example-"))
    await signIn(cloud, folder)
    const { length } = await cloud.requests()
    const example = runExample(program, folder, cloud)
    await example.printed("Home is armed")
    // The first poll of the clips produces no events.
    const isPolled = async () =>
      (await cloud.requests()).slice(length).some(({ path }) => path.includes("media/changed"))
    await vi.waitUntil(isPolled, { timeout: 30_000 })
    const { id } = await cloud.motion({ camera: "Porch", duration: 5, publish_after_ms: 0 })
    await example.printed(`"clipId":"${id}"`)
    assert.strictEqual(await example.interrupt(), exitCode)
    assert.strictEqual(example.text.split(`"clipId":"${id}"`).length - 1, 1, example.text)
    await rm(folder, { recursive: true })
  })
})
