import { startEmulator } from "@blink-streams/emulator"
import { mkdtemp, rm } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { once } from "node:events"
import { assert, test } from "vitest"
import { runExample, signIn } from "./runExample.ts"

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  server.close()
  return typeof address === "object" && address !== null ? address.port : 0
}

test(
  "broadcaster/mount.ts serves on an existing HTTP server and websocket/lightOnMotion.ts switches a light over it",
  { timeout: 90_000 },
  async () => {
    await using cloud = await startEmulator({ scenario: "quiet", speed: 5 })
    const folder = await mkdtemp(join(tmpdir(), "examples-"))
    await signIn(cloud, folder)
    const port = await freePort()
    const token = "a-token-of-this-test"
    const mount = runExample("broadcaster/mount.ts", folder, cloud, {
      PORT: String(port),
      BLINK_STREAMS_TOKEN: token,
    })
    await mount.printed(`ws://127.0.0.1:${port}/cameras/`)
    assert.include(await (await fetch(`http://127.0.0.1:${port}/`)).text(), "your own")
    assert.strictEqual((await fetch(`http://127.0.0.1:${port}/cameras/healthz`)).status, 200)

    const environment = {
      BLINK_STREAMS_URL: `ws://127.0.0.1:${port}/cameras/`,
      BLINK_STREAMS_TOKEN: token,
    }
    const lamp = runExample("websocket/lightOnMotion.ts", folder, cloud, environment, ["Living Room", "1"])
    await lamp.printed("live")
    await cloud.motion({ camera: "Porch", duration: 5, publish_after_ms: 0 })
    await lamp.printed("motion: Porch")
    await lamp.printed("Living Room: light on")
    await lamp.printed("Living Room: light off")
    assert.strictEqual(await lamp.interrupt(), 0)
    await mount.interrupt()
    await rm(folder, { recursive: true })
  },
)
