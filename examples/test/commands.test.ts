import { connect, fileStore } from "@blink-streams/events/promise"
import { type Cloud, emulator } from "@blink-streams/emulator"
import { execFile } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { afterAll, assert, beforeAll, describe, test } from "vitest"

describe("a command, seen from inside", () => {
  let cloud: Cloud
  let folder: string
  beforeAll(async () => {
    cloud = await emulator({ scenario: "quiet" })
    folder = await mkdtemp(join(tmpdir(), "examples-"))
    const { email, password, pin } = cloud.account
    const answers = { email, password, two_factor: pin }
    const signedIn = await connect({
      store: fileStore(join(folder, "session.json")),
      apiUrl: cloud.url,
      oauthUrl: cloud.url,
      onPrompt: ({ kind }) => Promise.resolve(answers[kind]),
    })
    await signedIn.close()
  })
  afterAll(async () => {
    await cloud.close()
    await rm(folder, { recursive: true })
  })

  test.each(["commandEffect.ts", "commandRx.ts"])(
    "%s tells each step, there and back",
    { timeout: 90_000 },
    async (program) => {
      const { stdout, stderr } = await promisify(execFile)(
        "node",
        ["--conditions=@blink-streams/source", join(import.meta.dirname, "..", program)],
        {
          env: {
            ...process.env,
            BLINK_API_URL: cloud.url,
            BLINK_OAUTH_URL: cloud.url,
            BLINK_STREAMS_DIR: folder,
          },
        },
      )
      assert.strictEqual(stderr, "")
      const lines = stdout.split("\n")
      assert.include(lines, "session: active")
      assert.isTrue(lines.some((line) => /^calls left this hour: \d+$/.test(line)))
      const steps = lines.filter((line) => /^(dis)?arm /.test(line) && !line.endsWith("running"))
      assert.deepStrictEqual(
        steps,
        ["disarm", "arm"].flatMap((wish) =>
          ["queued", "accepted", "verifying", "done"].map((status) => `${wish} Home: ${status}`),
        ),
      )
    },
  )
})
