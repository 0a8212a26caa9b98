import { type EmulatedCloud, startEmulator } from "@blink-streams/emulator"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { filter, firstValueFrom, lastValueFrom, merge, toArray } from "rxjs"
import { monitorAccount } from "../src/promise.ts"
import { accountStreams, fileStore } from "../src/rx.ts"

let cloud: EmulatedCloud
let folder: string

const options = () => ({
  stateInterval: "200 millis" as const,
  clipInterval: "100 millis" as const,
  store: fileStore(join(folder, "session.json")),
  log: join(folder, "events.sqlite"),
  apiUrl: cloud.url,
  oauthUrl: cloud.url,
})

beforeAll(async () => {
  cloud = await startEmulator({ seed: 1, speed: 4 })
  folder = mkdtempSync(join(tmpdir(), "blink-streams-"))
  const { email, password, pin } = cloud.account
  const answers = { email, password, two_factor: pin }
  await (await monitorAccount({ ...options(), onPrompt: async ({ kind }) => answers[kind] })).close()
})
afterAll(async () => {
  await cloud.close()
  rmSync(folder, { recursive: true })
})

describe("streams of an account from plain options", () => {
  it("An arm command of the streams is recorded as a command of this program", async () => {
    await using streams = accountStreams(options())
    const change = firstValueFrom(streams.armChanges$.pipe(filter(({ subject }) => subject.name === "Cabin")))
    const { networks } = await firstValueFrom(streams.state$.pipe(filter(({ asOf }) => asOf !== null)))
    const isArmed = networks.find(({ name }) => name === "Cabin")?.arm.state === "armed"
    const toggle = isArmed ? streams.disarm("cabin") : streams.arm("cabin")
    assert.deepStrictEqual(await lastValueFrom(toggle), { changed: true })
    assert.strictEqual((await change).data.by, "command")
    assert.deepStrictEqual(await lastValueFrom(toggle), { changed: false })
  })

  it("A command alone starts the monitor and stops it after its end", async () => {
    await using streams = accountStreams({ ...options(), grace: 0 })
    const picture = await lastValueFrom(streams.takePicture("Porch"))
    assert.deepStrictEqual([...picture.subarray(0, 2)], [0xff, 0xd8])
    await streams.dispose()
    // The log would be in use if the monitor still ran.
    const again = accountStreams(options())
    assert.strictEqual((await firstValueFrom(again.state$)).stale, true)
    await again.dispose()
  })

  it("run passes the promise functions of the account and its errors", async () => {
    await using streams = accountStreams(options())
    const names = streams.run(async ({ network }) => network("Home").cameras.map(({ state }) => state.name))
    const missing = streams.run(async ({ camera }) => camera("Nowhere").state)
    assert.include(await lastValueFrom(names), "Porch")
    await lastValueFrom(missing).then(
      () => assert.fail("there is no such camera"),
      (cause: unknown) => assert.match(String(cause), /there is no camera "Nowhere"/),
    )
  })

  it("history emits the past of the log and completes", async () => {
    await using streams = accountStreams(options())
    const motion = firstValueFrom(streams.motion$)
    await firstValueFrom(streams.health$.pipe(filter(({ sources }) => sources["clips"]?.state === "ok")))
    await cloud.motion({ camera: "Porch", duration: 1, publish_after_ms: 0 })
    const { id } = await motion
    const past = await lastValueFrom(streams.history({ kinds: ["motion"] }).pipe(toArray()))
    assert.strictEqual(past.at(-1)?.id, id)
    assert.strictEqual(past.at(-1)?.replayed, true)
  })

  it("Every observable errors with a typed error when no session is saved", async () => {
    const streams = accountStreams({ ...options(), store: fileStore(join(folder, "none.json")) })
    for (const values$ of [streams.state$, streams.motion$, streams.arm("Home"), streams.history()]) {
      const error: unknown = await firstValueFrom(merge(values$)).catch((cause: unknown) => cause)
      assert.strictEqual((error as { readonly code?: unknown }).code, "SignedOut")
    }
    await streams.dispose()
  })
})
