/**
 * End-to-end test with real processes: emulated cloud → `serve` → websocket client, `watch --json` and dashboard page;
 * and the RxJS example, which polls the cloud itself.
 */
import { type Change, type Client, connect } from "@blink-streams/client"
import { type EmulatedCloud, startEmulator } from "@blink-streams/emulator"
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, test } from "vitest"
import { pollingExampleArguments, signIn } from "../../../examples/test/runExample.ts"
import { browserAvailable, openBrowser } from "../../dashboard/test/browser/browser.ts"
import { binary } from "./binary.ts"
import { until } from "./until.ts"

const token = "everywhere-test-token-0123456789"

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, "127.0.0.1")
  await once(probe, "listening")
  const address = probe.address()
  probe.close()
  return typeof address === "object" && address !== null ? address.port : 0
}

/** Starts a process and collects its output; `printed` resolves once the output matches. */
const start = (args: ReadonlyArray<string>, env: Record<string, string>) => {
  const child: ChildProcess = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  })
  let text = ""
  const listeners = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => {
      text += chunk.toString()
      for (const listener of listeners) listener()
    })
  return {
    get text() {
      return text
    },
    printed: (pattern: RegExp): Promise<string> =>
      new Promise((resolve, reject) => {
        const search = () => {
          const found = pattern.exec(text)
          if (found === null) return
          listeners.delete(search)
          resolve(found[1] ?? found[0])
        }
        listeners.add(search)
        child.once("exit", (code) => reject(new Error(`ended with ${code} before ${pattern}:\n${text}`)))
        search()
      }),
    kill: async (signal: NodeJS.Signals): Promise<number | null> => {
      const ended = child.exitCode === null && child.signalCode === null ? once(child, "exit") : null
      child.kill(signal)
      await ended
      return child.exitCode
    },
  }
}
type Running = ReturnType<typeof start>

const times = (text: string, part: string): number => text.split(part).length - 1

describe.skipIf(!browserAvailable)("End to end", () => {
  let cloud: EmulatedCloud
  let folder: string
  let env: Record<string, string>
  let port: number
  let serveArgs: ReadonlyArray<string>
  let broadcaster: Running
  let watcher: Running
  let example: Running
  let client: Client
  let browser: Awaited<ReturnType<typeof openBrowser>>
  const changes: Array<Change> = []
  const events = () => changes.flatMap((change) => (change.type === "event" ? [change] : []))

  beforeAll(async () => {
    cloud = await startEmulator({ scenario: "quiet", speed: 4 })
    folder = await mkdtemp(join(tmpdir(), "everywhere-"))
    const { email, password, pin } = cloud.account
    env = {
      BLINK_API_URL: cloud.url,
      BLINK_OAUTH_URL: cloud.url,
      BLINK_EMAIL: email,
      BLINK_PASSWORD: password,
      BLINK_PIN: pin,
      BLINK_STREAMS_DIR: folder,
      BLINK_STREAMS_TOKEN: token,
      BLINK_STATE_INTERVAL: "500ms",
      BLINK_CLIP_INTERVAL: "300ms",
    }
    port = await freePort()
    serveArgs = [binary, "serve", "--port", String(port)]
    broadcaster = start(serveArgs, env)
    const link = await broadcaster.printed(/(http:\S+#code=\S+)/)

    const url = `ws://127.0.0.1:${port}`
    client = connect({ url, token })
    client.subscribe((change) => changes.push(change))
    watcher = start([binary, "watch", "--json", "--connect", url], env)

    const own = await mkdtemp(join(folder, "example-"))
    await signIn(cloud, own)
    example = start(pollingExampleArguments("events/rxjs.ts"), { ...env, BLINK_STREAMS_DIR: own })
    await example.printed(/Home is armed as of/)

    browser = await openBrowser()
    const page = await browser.open(link)
    await page.getByTestId("arm-state").first().waitFor()
    await until(client, () => client.connection.status === "live" && client.state !== null)
  }, 90_000)

  afterAll(async () => {
    client.close()
    await browser[Symbol.asyncDispose]()
    for (const each of [watcher, example, broadcaster]) await each.kill("SIGTERM")
    await cloud[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  }, 30_000)

  const motionsOf = (id: string | number | null) =>
    events().filter(({ event }) => event.kind === "motion" && event.data.clipId === String(id)).length

  test("The websocket, watch --json, the dashboard and the RxJS example each receive a motion exactly once", async () => {
    const { id } = await cloud.motion({ camera: "Garden", duration: 5, publish_after_ms: 0 })
    await until(client, () => motionsOf(id) > 0)
    await watcher.printed(new RegExp(`"kind":"motion".*"clipId":"${id}"`))
    await example.printed(new RegExp(`motion Garden .*"clipId":"${id}"`))
    const rows = browser.context.pages()[1]?.getByRole("button", { name: /^Play the clip of Garden/ })
    await rows?.first().waitFor()

    assert.strictEqual(motionsOf(id), 1)
    assert.strictEqual(times(example.text, `"clipId":"${id}"`), 1)
    const lines = watcher.text.split("\n").filter((line) => line.includes(`"motion:${id}"`))
    assert.strictEqual(lines.length, 1)
    const { type, cursor, kind, subject } = JSON.parse(lines[0]!)
    assert.deepStrictEqual([type, typeof cursor, kind, subject.name], ["event", "string", "motion", "Garden"])
  }, 60_000)

  test("A disarm command over the websocket is verified and visible to all readers", async () => {
    const network = client.state!.accounts[0]!.networks.find(({ name }) => name === "Home")!
    const statuses: Array<string> = []
    const value = await client.command(
      { name: "disarm", target: { network: network.id }, expect: { armed: true } },
      { onStatus: (status) => statuses.push(status) },
    )
    assert.propertyVal(value, "armed", false)
    assert.strictEqual(statuses.at(-1), "verifying")
    const world = await cloud.world()
    assert.strictEqual(world.networks.find(({ name }) => name === "Home")?.armed, false)
    await until(client, () =>
      events().some(({ event }) => event.kind === "arm.changed" && event.data.to === "disarmed"),
    )
    await watcher.printed(/"kind":"arm\.changed".*"to":"disarmed"/)
    await example.printed(/arm\.changed Home .*"to":"disarmed"/)
    const page = browser.context.pages()[1]!
    await page.getByRole("region", { name: "System Home" }).getByText("Disarmed", { exact: true }).waitFor()
  }, 90_000)

  test("A client that resumes after kill -9 of the broadcaster misses and repeats no event", async () => {
    const seen = await cloud.motion({ camera: "Porch", duration: 5, publish_after_ms: 0 })
    await until(client, () => motionsOf(seen.id) > 0)
    await broadcaster.kill("SIGKILL")
    await until(client, () => client.connection.status === "stale")
    const missed = [
      await cloud.motion({ camera: "Front Door", duration: 5, publish_after_ms: 0 }),
      await cloud.motion({ camera: "Living Room", duration: 5, publish_after_ms: 0 }),
    ]
    broadcaster = start(serveArgs, env)
    await broadcaster.printed(/(http:\S+#code=\S+)/)
    const late = await cloud.motion({ camera: "Garage", duration: 5, publish_after_ms: 500 })
    const all = [seen, ...missed, late]
    await until(client, () => all.every(({ id }) => motionsOf(id) > 0))
    await Promise.all(all.map(({ id }) => watcher.printed(new RegExp(`"motion:${id}"`))))

    for (const { id } of all) assert.strictEqual(motionsOf(id), 1)
    for (const { id } of all) assert.strictEqual(times(watcher.text, `"id":"motion:${id}"`), 1)
    const response = await fetch(`http://127.0.0.1:${port}/v1/events?limit=1000`, {
      headers: { authorization: `Bearer ${token}` },
    })
    const page = (await response.json()) as { readonly events: ReadonlyArray<{ readonly cursor: string }> }
    const logged = page.events.map(({ cursor }) => cursor)
    const received = events().map(({ event }) => String(event.cursor))
    const first = logged.indexOf(received[0]!)
    assert.deepStrictEqual(received, logged.slice(first, first + received.length))
    assert.isFalse(changes.some(({ type }) => type === "gap"))
  }, 90_000)
})
