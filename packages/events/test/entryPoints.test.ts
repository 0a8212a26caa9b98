import { BlinkAccount, TokenStore } from "@blink-streams/core"
import { type EmulatedCloud, startEmulator } from "@blink-streams/emulator"
import { CameraId, type CursorEvent } from "@blink-streams/model"
import { EventLog } from "../src/EventLog.ts"
import { AccountMonitor } from "../src/AccountMonitor.ts"
import { monitorAccount, fileStore } from "../src/promise.ts"
import { forCamera, accountStreams } from "../src/rx.ts"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { FetchHttpClient } from "effect/http"
import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { filter, firstValueFrom, take, toArray } from "rxjs"

const fast = { stateInterval: "200 millis", clipInterval: "100 millis" } as const
const porch = 8_800_101
let cloud: EmulatedCloud
let folder: string
const path = (name: string) => join(folder, name)

beforeAll(async () => {
  cloud = await startEmulator({ seed: 1, speed: 4 })
  folder = mkdtempSync(join(tmpdir(), "blink-streams-"))
})
afterAll(async () => {
  await cloud.close()
  rmSync(folder, { recursive: true })
})

const promptValue = (prompt: { readonly kind: string }): string =>
  ({ email: cloud.account.email, password: cloud.account.password })[prompt.kind] ?? cloud.account.pin

const options = (log?: string) => ({
  ...fast,
  store: fileStore(path("session.json")),
  apiUrl: cloud.url,
  oauthUrl: cloud.url,
  ...(log === undefined ? {} : { log: path(log) }),
})

const collect = async <A>(source: AsyncIterable<A>, count: number) => {
  const all: Array<A> = []
  for await (const one of source) if (all.push(one) === count) break
  return all
}

/** Imports one entry point in a process of its own, in which RxJS cannot be loaded. */
const loadErrors = (subpath: string) => {
  const hook = `import { registerHooks } from "node:module"
    registerHooks({ resolve: (name, context, next) => {
      if (/^rxjs/.test(name)) throw new Error("this loads RxJS")
      return next(name, context)
    } })
    await import("@blink-streams/events${subpath}")`
  const conditions = "--conditions=@blink-streams/source"
  return spawnSync(process.execPath, [conditions, "--input-type=module", "-e", hook], {
    cwd: import.meta.dirname,
    encoding: "utf8",
  }).stderr
}

describe("promise entry point", () => {
  it("monitorAccount prompts for each input of a sign-in once and for none with a saved session", async () => {
    const prompts: Array<string> = []
    const onPrompt = async (prompt: { readonly kind: string }) => {
      prompts.push(prompt.kind)
      return promptValue(prompt)
    }
    await (await monitorAccount({ ...options(), onPrompt })).close()
    assert.deepStrictEqual(prompts, ["email", "password", "two_factor"])
    assert.strictEqual(statSync(path("session.json")).mode & 0o777, 0o600)
    await using again = await monitorAccount(options())
    assert.deepStrictEqual(
      again.state.networks.map(({ name }) => name),
      ["Home", "Cabin"],
    )
  })

  it("monitorAccount rejects with SignedOut when there is neither a session nor onPrompt", async () => {
    const failed = await monitorAccount({ ...options(), store: fileStore(path("none.json")) }).catch(
      (error: unknown) => error,
    )
    assert.deepInclude(failed, { code: "SignedOut", retryable: false, retryAfterMs: 0 })
  })

  it("events() emits each motion once with its thumbnail and continues after a cursor in another run", async () => {
    let cursor: string
    let first: { readonly id: number | null }
    {
      await using blink = await monitorAccount(options("log.sqlite"))
      const reading = collect(blink.events({ kinds: ["motion"] }), 2)
      first = await cloud.motion({ camera: porch, publish_after_ms: 400, duration: 1 })
      const second = await cloud.motion({ camera: porch, publish_after_ms: 2400, duration: 1 })
      const [one, two] = await reading
      assert.deepStrictEqual([one!.data.clipId, two!.data.clipId].map(Number), [first.id, second.id])
      const jpeg = await blink.bytes(one!.data.thumbnail!)
      assert.deepStrictEqual([...jpeg.subarray(0, 2)], [0xff, 0xd8])
      cursor = one!.cursor
    }
    await using blink = await monitorAccount(options("log.sqlite"))
    const [next] = await collect(blink.events({ kinds: ["motion"], since: cursor }), 1)
    assert.notStrictEqual(Number(next!.data.clipId), first.id)
    const ownFields = ["kind", "id", "occurredAt", "observedAt", "source", "subject", "data"]
    assert.hasAllKeys(next, [...ownFields, "cursor", "replayed"])
    assert.isTrue(next!.replayed)
  })

  it("events() leaves out the history of the first poll unless it begins at the beginning", async () => {
    await using blink = await monitorAccount(options())
    const history = await collect(blink.events({ kinds: ["motion"], since: "beginning" }), 20)
    assert.isTrue(history.every(({ backfilled, replayed }) => backfilled === true && replayed))
    const { id } = await cloud.motion({ camera: porch, publish_after_ms: 0, duration: 1 })
    const [first] = await collect(blink.events({ kinds: ["motion"], since: new Date(0) }), 1)
    assert.strictEqual(Number(first!.data.clipId), id)
  })

  it("arm() resolves when the state is verified and is logged as a command", async () => {
    await using blink = await monitorAccount(options())
    const changes = collect(blink.events({ kinds: ["arm.changed"] }), 2)
    await blink.network("Cabin").arm()
    assert.strictEqual(blink.network("Cabin").state.arm.state, "armed")
    assert.deepStrictEqual(
      (await changes).map(({ data }) => data),
      [
        { from: "disarmed", to: "arming", by: "command" },
        { from: "arming", to: "armed", by: "command" },
      ],
    )
    await blink.network("Cabin").disarm()
    assert.isFalse((await cloud.world()).networks.find(({ name }) => name === "Cabin")!.armed)
  })

  it("events() ends without an error when its signal is aborted", async () => {
    await using blink = await monitorAccount(options())
    const controller = new AbortController()
    const reading = collect(blink.events({ signal: controller.signal }), 1000)
    controller.abort()
    assert.isBelow((await reading).length, 1000)
  })

  it("close() ends present and later readers without an error", async () => {
    const blink = await monitorAccount(options("closed.sqlite"))
    const reading = [collect(blink.events(), 1000), collect(blink.states(), 1000)]
    // Readers start in order.
    await collect(blink.states(), 1)
    await blink.close()
    for (const all of await Promise.all(reading)) assert.isBelow(all.length, 1000)
    assert.deepStrictEqual(await collect(blink.events(), 1), [])
    assert.deepStrictEqual(await collect(blink.states(), 1), [])
  })

  it("The promise and root entry points do not load RxJS", () => {
    assert.strictEqual(loadErrors("/promise"), "")
    assert.strictEqual(loadErrors(""), "")
    assert.include(loadErrors("/rx"), "this loads RxJS")
  })

  it("monitorAccount and refresh() reject when their signal is aborted", async () => {
    const question = new AbortController()
    const connecting = monitorAccount({
      ...options(),
      store: fileStore(path("given-up.json")),
      onPrompt: () => {
        question.abort()
        return new Promise<never>(() => {})
      },
      signal: question.signal,
    })
    assert.instanceOf(await connecting.catch((error: unknown) => error), Error)
    await using blink = await monitorAccount(options())
    const slow = { match: { path: "/homescreen" }, times: 1, do: { delay_ms: 60_000 } }
    await cloud.fault(slow)
    const controller = new AbortController()
    const polling = blink.refresh({ signal: controller.signal }).catch((error: unknown) => error)
    controller.abort()
    assert.instanceOf(await polling, Error)
    await cloud.clearFaults()
  })

  it("history() includes everything between bounds that are outside the years of a timestamp", async () => {
    await using blink = await monitorAccount(options())
    const all = await collect(blink.history(), 10_000)
    assert.isNotEmpty(all)
    const [from, to] = [new Date(-8.64e15), new Date(8.64e15)]
    assert.deepStrictEqual(await collect(blink.history({ from, to }), 10_000), all)
    assert.deepStrictEqual(await collect(blink.history({ from: to }), 1), [])
    assert.deepStrictEqual(await collect(blink.history({ to: from }), 1), [])
  })

  it("network() and camera() throw for unknown names, events() fails with CursorExpired for another text", async () => {
    await using blink = await monitorAccount(options())
    assert.throws(() => blink.network("Attic"), /no network "Attic"/)
    assert.throws(() => blink.camera("Attic"), /no camera "Attic"/)
    for (const since of ["yesterday", "", new Date(Number.NaN)]) {
      const failed: unknown = await collect(blink.events({ since }), 1).catch((error: unknown) => error)
      assert.nestedPropertyVal(failed, "reason._tag", "CursorExpired")
      assert.propertyVal(
        failed,
        "message",
        "events: this is no position in the event log, or the events after it are no longer kept",
      )
    }
  })
})

const streams = (log: Layer.Layer<EventLog, unknown> = EventLog.layerMemory, grace = 50) => {
  const config = { apiUrl: cloud.url, oauthUrl: cloud.url }
  const account = BlinkAccount.layer({ config, store: TokenStore.layerFile(path("session.json")) })
  const monitorLayer = AccountMonitor.layer(fast).pipe(
    Layer.provide(account),
    Layer.provide(FetchHttpClient.layer),
    Layer.provide(log),
  )
  return accountStreams(monitorLayer, { grace })
}

describe("RxJS entry point", () => {
  it("arm$ emits one frozen value per subject at once", async () => {
    await using account = streams()
    const values = await firstValueFrom(account.arm$.pipe(take(2), toArray()))
    assert.deepStrictEqual(
      values.map(({ subject, value }) => [subject.name, value]),
      [
        ["Home", "armed"],
        ["Cabin", "disarmed"],
      ],
    )
    assert.throws(() => Object.assign(values[0]!, { value: "disarmed" }), TypeError)
  })

  it("Event observables emit what occurs after the subscription and share one monitor", async () => {
    await using account = streams()
    await firstValueFrom(account.health$.pipe(filter(({ sources }) => sources["clips"]?.state === "ok")))
    const before = (await cloud.requests()).length
    const mine = firstValueFrom(account.motion$.pipe(forCamera({ kind: "camera", id: CameraId.make(porch) })))
    const all = firstValueFrom(account.events$.pipe(filter(({ kind }) => kind === "motion")))
    const { id } = await cloud.motion({ camera: porch, publish_after_ms: 300, duration: 1 })
    const [motion, same] = await Promise.all([mine, all])
    assert.strictEqual(Number(motion.data.clipId), id)
    assert.deepStrictEqual(motion, same as CursorEvent<"motion">)
    assert.isBelow((await cloud.requests()).length - before, 40)
  })

  it("Event observables leave out the history of the first poll unless it is requested", async () => {
    await using account = streams()
    const received: Array<CursorEvent> = []
    account.events$.subscribe((event) => received.push(event))
    const history = await firstValueFrom(
      account.events({ kinds: ["motion"], backfilled: true }).pipe(take(20), toArray()),
    )
    assert.isTrue(history.every(({ backfilled, replayed }) => backfilled === true && !replayed))
    assert.deepStrictEqual(
      received.filter(({ kind }) => kind === "motion"),
      [],
    )
  })

  it("Polling stops after the grace period when the last subscriber has left", async () => {
    const stopped = Promise.withResolvers<void>()
    const onStop = Layer.effectDiscard(Effect.addFinalizer(() => Effect.sync(stopped.resolve)))
    await using account = streams(Layer.merge(EventLog.layerMemory, onStop))
    await firstValueFrom(account.state$)
    await stopped.promise
  })

  it("A new subscription waits for the previous monitor to stop", async () => {
    await using account = streams(EventLog.layerSqlite({ filename: path("streams.sqlite") }), 0)
    await firstValueFrom(account.state$)
    // The renewal of a session is not interrupted: the monitor stops after it.
    await cloud.fault({ match: { path: "/oauth/token" }, times: 1, do: { delay_ms: 600 } })
    const renewing = firstValueFrom(account.session$.pipe(filter(({ state }) => state === "renewing")))
    await cloud.expireTokens("access")
    await renewing
    await new Promise((resume) => setTimeout(resume, 50))
    await firstValueFrom(account.state$.pipe(filter(({ networks }) => networks.length === 2)))
  })

  it("dispose() completes every observable", async () => {
    const account = streams()
    const states = firstValueFrom(account.state$.pipe(toArray()))
    await firstValueFrom(account.state$)
    await account.dispose()
    assert.isAbove((await states).length, 0)
    assert.deepStrictEqual(await firstValueFrom(account.state$.pipe(toArray())), [])
  })
})
