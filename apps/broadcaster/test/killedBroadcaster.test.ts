import { connect } from "@blink-streams/client"
import { startEmulator } from "@blink-streams/emulator"
import { monitorAccount, fileStore } from "@blink-streams/events/promise"
import { assert, it } from "@effect/vitest"
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"

/** `npm run test:long` kills it more often. */
const killCount = process.env["TEST_LONG"] === undefined ? 6 : 40
const token = "token-of-the-killed-broadcaster-test"
const broadcasterScript = new URL("./broadcastUntilKilled.ts", import.meta.url).pathname

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  server.close()
  await once(server, "close")
  return typeof address === "object" && address !== null ? address.port : 0
}

/** Starts a broadcaster process. Resolves once it serves or has exited. */
const start = async (cloud: string, folder: string, port: number): Promise<ChildProcess> => {
  const conditions = "--conditions=@blink-streams/source"
  const child = spawn(process.execPath, [conditions, broadcasterScript, cloud, folder, String(port), token], {
    stdio: ["ignore", "pipe", "ignore"],
    // Speeds up the starts of the same code. The child flushes the cache itself because it is always killed.
    env: { ...process.env, NODE_COMPILE_CACHE: join(folder, "compiled") },
  })
  await Promise.race([once(child.stdout, "data"), once(child, "exit")])
  return child
}

const kill = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, "exit")
  child.kill("SIGKILL")
  await exited
}

it(
  "A resuming client receives every motion exactly once and no gap when the broadcaster is killed again and again under network faults",
  { timeout: 600_000 },
  async () => {
    await using cloud = await startEmulator({ seed: 7 })
    const folder = mkdtempSync(join(tmpdir(), "blink-streams-"))
    const { email, password, pin } = cloud.account
    const signIn = await monitorAccount({
      store: fileStore(join(folder, "session.json")),
      log: join(folder, "log.sqlite"),
      apiUrl: cloud.url,
      oauthUrl: cloud.url,
      onPrompt: async ({ kind }) => ({ email, password, two_factor: pin })[kind],
    })
    await signIn.close()

    await cloud.fault({ match: { path: "/api/" }, probability: 0.05, do: { status: 503, body: "later" } })
    await cloud.fault({ match: { path: "/api/" }, probability: 0.03, do: { drop: "before" } })
    await cloud.fault({ match: { path: "/api/" }, probability: 0.03, do: { drop: "after" } })
    await cloud.fault({ match: { path: "/api/" }, probability: 0.03, do: { truncate: true } })
    const port = await freePort()
    let child = await start(cloud.url, folder, port)
    const client = connect({ url: `ws://127.0.0.1:${port}`, token })
    const received: Array<string> = []
    const gaps: Array<string> = []
    client.subscribe((change) => {
      if (change.type === "event" && change.event.kind === "motion") received.push(change.event.data.clipId)
      if (change.type === "gap") gaps.push(change.reason)
    })
    /** Resolves once `condition` holds, which is checked after each change of the client. */
    const until = (condition: () => boolean) =>
      new Promise<void>((resolve) => {
        const check = () => {
          if (!condition()) return
          unsubscribe()
          resolve()
        }
        const unsubscribe = client.subscribe(check)
        check()
      })
    await until(() => client.cursor !== null)

    const recorded: Array<string> = []
    const record = async () => {
      const { id } = await cloud.motion({ camera: "Porch", duration: 1, publish_after_ms: 300 })
      recorded.push(String(id))
    }
    const countRequests = async () => (await cloud.requests()).length
    for (let round = 0; round < killCount; round++) {
      const before = await countRequests()
      await record()
      // At another request in each round, among them those of the start.
      const requests = 1 + ((round * 5) % 17)
      while ((await countRequests()) < before + requests) await sleep(5)
      await kill(child)
      await record()
      child = await start(cloud.url, folder, port)
    }
    await cloud.clearFaults()
    await until(() => received.length >= recorded.length)
    // Events are in order: one that is repeated arrives before this one.
    await record()
    await until(() => received.includes(recorded.at(-1)!))
    client.close()
    await kill(child)
    rmSync(folder, { recursive: true })
    assert.deepStrictEqual(gaps, [])
    assert.sameOrderedMembers(received.toSorted(), recorded.toSorted())
  },
)
