import { type EmulatedCloud, startEmulator } from "@blink-streams/emulator"
import { execFile } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { afterAll, assert, beforeAll, describe, test } from "vitest"
import { exampleArguments, signIn } from "./runExample.ts"

describe("Examples of @blink-streams/core", () => {
  let cloud: EmulatedCloud
  let folder: string
  beforeAll(async () => {
    cloud = await startEmulator({ scenario: "quiet", speed: 5 })
    folder = await mkdtemp(join(tmpdir(), "examples-"))
    await signIn(cloud, folder)
  })
  afterAll(async () => {
    await cloud.close()
    await rm(folder, { recursive: true })
  })

  const run = (program: string) =>
    promisify(execFile)("node", exampleArguments(program), {
      env: {
        ...process.env,
        BLINK_API_URL: cloud.url,
        BLINK_OAUTH_URL: cloud.url,
        BLINK_STREAMS_DIR: folder,
      },
    })

  test.each(["clips/effect.ts", "clips/rxjs.ts", "clips/promises.ts"])(
    "%s downloads a clip, reads a live view and closes its live session",
    { timeout: 90_000 },
    async (program) => {
      const before = (await cloud.requests()).length
      const { stdout, stderr } = await run(program)
      assert.strictEqual(stderr, "")
      assert.match(stdout, /^clip of .+: \d+ bytes$/m)
      assert.match(stdout, /^live from .+: \d+ bytes$/m)
      const ends = (await cloud.requests()).slice(before).filter(({ path }) => path.includes("/done"))
      assert.strictEqual(ends.length, 1)
    },
  )

  test.each(["commands/effect.ts", "commands/rxjs.ts"])(
    "%s prints each status of both commands",
    { timeout: 90_000 },
    async (program) => {
      const { stdout, stderr } = await run(program)
      assert.strictEqual(stderr, "")
      const lines = stdout.split("\n")
      assert.include(lines, "session: active")
      assert.isTrue(lines.some((line) => /^calls left this hour: \d+$/.test(line)))
      const steps = lines.filter((line) => /^(dis)?arm /.test(line) && !line.endsWith("running"))
      assert.deepStrictEqual(
        steps,
        ["disarm", "arm"].flatMap((command) =>
          ["queued", "accepted", "verifying", "done"].map((status) => `${command} Home: ${status}`),
        ),
      )
    },
  )
})
