import { BlinkAccount, BlinkError, Session, TokenStore } from "../src/index.ts"
import { openAccount } from "../src/promise.ts"
import { cloudStreams } from "../src/rx.ts"
import { startEmulator } from "@blink-streams/emulator"
import { CameraId, NetworkId, SyncModuleId } from "@blink-streams/model"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Layer, ManagedRuntime, Redacted } from "effect"
import { FetchHttpClient } from "effect/http"
import { mkdtemp, rm, stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { firstValueFrom, lastValueFrom, toArray } from "rxjs"

const homeNetwork = NetworkId.make(5130001)
const usbStorage = { network: homeNetwork, syncModule: SyncModuleId.make(6210001) }
const mini = { network: homeNetwork, kind: "mini", camera: CameraId.make(8900201) } as const

/** Options for an account of the emulated cloud, signed out. */
const optionsFor = ({ url }: { readonly url: string }) => ({
  config: { apiUrl: url, oauthUrl: url },
  store: TokenStore.layerMemory,
})

describe("Promise API", () => {
  it("openAccount signs in, reads snapshots, calls endpoints, sends commands and rejects with BlinkError", async () => {
    await using cloud = await startEmulator({ scenario: "quiet" })
    await using account = await openAccount(optionsFor(cloud))
    const { email, password, pin } = cloud.account
    assert.strictEqual((await account.signIn({ email, password, attended: true })).state, "awaiting_pin")
    assert.strictEqual((await account.submitPin(pin)).state, "active")
    const { networks, cameras } = await account.snapshot()
    const bytes = await account.bytes(cameras[0]!.thumbnail!.url)
    assert.isAbove(bytes.length, 1000)
    assert.strictEqual((await account.call("tierInfo", {})).account_id, 7310001)
    const reported: Array<string> = []
    await account.command(
      { name: "disarm", network: networks[0]!.id },
      { onProgress: ({ status }) => reported.push(status) },
    )
    assert.strictEqual(reported.at(-1), "done")
    const missing: unknown = await account.bytes("/media/none.jpg").catch((error: unknown) => error)
    assert.instanceOf(missing, BlinkError)
    assert.strictEqual(missing.code, "NotFound")
    await account.signOut()
    assert.strictEqual(account.session().state, "signed_out")
  })

  it("openAccount reads clips, USB storage and live views, and ends each with its loop", async () => {
    await using cloud = await startEmulator({ settings: { secondFactor: "off" }, speed: 10 })
    await using account = await openAccount(optionsFor(cloud))
    const { email, password } = cloud.account
    assert.include(await account.startHosted(), "client_id=android")
    const invalidHosted = await account
      .finishHosted("https://elsewhere.test/")
      .catch((error: unknown) => error)
    assert.instanceOf(invalidHosted, BlinkError)
    await account.signIn({ email, password })
    assert.isAbove(account.budget().callsLeft, 0)
    assert.strictEqual(account.drift().size, 0)

    let polls = 0
    const health: Array<string> = []
    for await (const { cameras } of account.snapshots({
      intervalSeconds: 0.01,
      onHealth: ({ state }) => health.push(state),
    })) {
      const { complete } = await account.picture(cameras[0]!.thumbnail!)
      assert.isTrue(complete)
      if (++polls === 2) break
    }
    assert.include(health, "ok")

    const { clips } = await account.media(null, 1)
    const path = clips.find(({ deleted, media }) => !deleted && media !== null)!.media!
    const folder = await mkdtemp(join(tmpdir(), "blink-core-"))
    const reported: Array<number> = []
    const size = await account.download(path, join(folder, "clip.mp4"), {
      onProgress: ({ received }) => reported.push(received),
    })
    assert.strictEqual((await stat(join(folder, "clip.mp4"))).size, size)
    assert.strictEqual(reported.at(-1), size)
    await rm(folder, { recursive: true })

    const manifest = await account.localStorage.clips(usbStorage)
    const bytes = await account.localStorage.bytes(usbStorage, manifest, manifest.clips[0]!.id)
    assert.isAbove(bytes.length, 1000)
    await account.localStorage.remove(usbStorage, manifest, manifest.clips[0]!.id)

    for await (const piece of account.live(mini)) {
      assert.strictEqual(piece[0], 0x47)
      break
    }
    const ended = (await cloud.requests()).filter((request) => request.path.includes("/done"))
    assert.strictEqual(ended.length, 1)
  }, 60_000)

  it("Account.snapshots ends without an error when the signal aborts", async () => {
    await using cloud = await startEmulator({ scenario: "quiet", settings: { secondFactor: "off" } })
    await using account = await openAccount(optionsFor(cloud))
    await account.signIn({ email: cloud.account.email, password: cloud.account.password })
    const stop = new AbortController()
    let polls = 0
    for await (const { account: id } of account.snapshots({ intervalSeconds: 60, signal: stop.signal })) {
      assert.strictEqual(id, 7310001)
      polls += 1
      stop.abort()
    }
    assert.strictEqual(polls, 1)
    for await (const snapshot of account.snapshots({ intervalSeconds: 60, signal: stop.signal }))
      assert.fail(snapshot.takenAt)
  })

  it("Account.snapshot rejects when the signal aborts", async () => {
    await using cloud = await startEmulator({ scenario: "quiet", settings: { secondFactor: "off" } })
    await using account = await openAccount(optionsFor(cloud))
    await account.signIn({ email: cloud.account.email, password: cloud.account.password })
    await cloud.fault({ match: { path: "homescreen" }, do: { delay_ms: 60_000 } })
    const controller = new AbortController()
    const snapshot = account.snapshot({ signal: controller.signal })
    controller.abort()
    assert.instanceOf(await snapshot.catch((error: unknown) => error), Error)
  })
})

const streamsAt = async (cloud: { readonly url: string }) => {
  const runtime = ManagedRuntime.make(
    BlinkAccount.layer(optionsFor(cloud)).pipe(Layer.provide(FetchHttpClient.layer)),
  )
  const streams = cloudStreams(await runtime.context())
  return { runtime, streams, [Symbol.asyncDispose]: () => runtime.dispose() }
}

describe("RxJS API", () => {
  it("accountStreams emits the current state at once and an error for snapshots without a session", async () => {
    await using cloud = await startEmulator({ scenario: "quiet", settings: { secondFactor: "off" } })
    await using account = await streamsAt(cloud)
    const { streams } = account
    assert.strictEqual((await firstValueFrom(streams.session$)).state, "signed_out")
    assert.isAbove((await firstValueFrom(streams.budget$)).callsLeft, 0)
    assert.strictEqual((await firstValueFrom(streams.drift$)).size, 0)
    const { snapshot$, health$ } = streams.snapshots(Duration.seconds(1))
    assert.strictEqual((await firstValueFrom(health$)).state, "starting")
    const missing: unknown = await lastValueFrom(snapshot$).catch((error: unknown) => error)
    assert.strictEqual((await firstValueFrom(health$)).state, "needs_user")
    assert.instanceOf(missing, BlinkError)
    assert.strictEqual(missing.reason._tag, "SignedOut")
  })

  it("accountStreams shares one poll among all subscribers", async () => {
    await using cloud = await startEmulator({ scenario: "quiet", settings: { secondFactor: "off" } })
    await using account = await streamsAt(cloud)
    const { streams } = account
    const { email, password } = cloud.account
    const signIn = Session.use((session) => session.signIn({ email, password: Redacted.make(password) }))
    await account.runtime.runPromise(signIn)
    const { snapshot$, health$ } = streams.snapshots(Duration.minutes(1))
    const [first, second] = await Promise.all([firstValueFrom(snapshot$), firstValueFrom(snapshot$)])
    assert.strictEqual(first, second)
    assert.strictEqual((await firstValueFrom(health$)).state, "ok")
    const polled = (await cloud.requests()).filter(({ path }) => path.includes("homescreen"))
    assert.strictEqual(polled.length, 1)
    const steps = await lastValueFrom(
      streams.command({ name: "disarm", network: first.networks[0]!.id }).pipe(toArray()),
    )
    assert.strictEqual(steps.at(-1)?.status, "done")
  })

  it("accountStreams signs in, calls endpoints, downloads clips and streams live video", async () => {
    await using cloud = await startEmulator({ settings: { secondFactor: "off" }, speed: 10 })
    await using account = await streamsAt(cloud)
    const { streams } = account
    const { email, password } = cloud.account
    assert.include(await firstValueFrom(streams.startHosted()), "client_id=android")
    const invalidHosted: unknown = await firstValueFrom(
      streams.finishHosted(Redacted.make("https://elsewhere.test/")),
    ).catch((error: unknown) => error)
    assert.instanceOf(invalidHosted, BlinkError)
    await lastValueFrom(streams.signIn({ email, password: Redacted.make(password) }))
    assert.strictEqual((await firstValueFrom(streams.session$)).state, "active")
    assert.strictEqual((await firstValueFrom(streams.call("tierInfo", {}))).account_id, 7310001)

    const { clips } = await firstValueFrom(streams.media(null, 1))
    const path = clips.find(({ deleted, media }) => !deleted && media !== null)!.media!
    const folder = await mkdtemp(join(tmpdir(), "blink-core-"))
    const steps = await lastValueFrom(streams.download(path, join(folder, "clip.mp4")).pipe(toArray()))
    assert.isTrue(steps.at(-1)?.done)
    await rm(folder, { recursive: true })

    const manifest = await firstValueFrom(streams.localClips(usbStorage))
    assert.isAbove(
      (await firstValueFrom(streams.localClipBytes(usbStorage, manifest, manifest.clips[0]!.id))).length,
      1000,
    )
    await lastValueFrom(streams.removeLocalClip(usbStorage, manifest, manifest.clips[0]!.id))

    assert.strictEqual((await firstValueFrom(streams.live(mini)))[0], 0x47)
    const { cameras } = await firstValueFrom(streams.snapshots(Duration.minutes(1)).snapshot$)
    assert.isTrue((await firstValueFrom(streams.picture(cameras[0]!.thumbnail!))).complete)
    await lastValueFrom(streams.signOut())
    assert.strictEqual((await firstValueFrom(streams.session$)).state, "signed_out")
    const unexpectedPin: unknown = await lastValueFrom(streams.submitPin(Redacted.make("1"))).catch(
      (error: unknown) => error,
    )
    assert.instanceOf(unexpectedPin, BlinkError)
  }, 60_000)
})
