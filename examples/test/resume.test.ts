import { startEmulator } from "@blink-streams/emulator"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, test } from "vitest"
import { runExample, signIn } from "./runExample.ts"

describe("Each example of a durable reader continues after a crash", () => {
  test.concurrent.each(["resume/promises.ts", "resume/rxjs.ts", "resume/effect.ts"])(
    "%s handles a motion again that it was handling when it was killed, and one from while it did not run",
    { timeout: 90_000 },
    async (program) => {
      await using cloud = await startEmulator({ scenario: "quiet" })
      const folder = await mkdtemp(join(tmpdir(), "example-"))
      await signIn(cloud, folder)
      const motion = async () => {
        const { id } = await cloud.motion({ camera: "Porch", duration: 5, publish_after_ms: 0 })
        return `motion:${id}`
      }
      const { length } = await cloud.requests()
      const first = runExample(program, folder, cloud)
      // The baseline of the clips produces no events.
      const isPolled = async () =>
        (await cloud.requests()).slice(length).some(({ path }) => path.includes("media/changed"))
      while (!(await isPolled())) await new Promise((resume) => setTimeout(resume, 20))
      const handled = await motion()
      await first.printed(`end ${handled}`)
      const inHand = await motion()
      await first.printed(`begin ${inHand}`)
      await first.kill()
      const missed = await motion()
      const second = runExample(program, folder, cloud)
      await second.printed(`end ${missed}`)
      await second.kill()
      assert.include(second.text, `begin ${inHand} replayed`)
      assert.isBelow(second.text.indexOf(`end ${inHand}`), second.text.indexOf(`begin ${missed}`))
      await rm(folder, { recursive: true })
    },
  )
})
