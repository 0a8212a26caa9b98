import { BlinkApi, downloadTo, LocalStorage, fetchPicture } from "../src/index.ts"
import { isCompleteJpeg } from "../src/Picture.ts"
import { Emulator } from "@blink-streams/emulator"
import { NetworkId, SyncModuleId } from "@blink-streams/model"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises"
import { dirname } from "node:path"
import { cloud, requestMark, requests, signIn, withTestClock } from "./cloud.ts"
import { temporaryFile } from "./temporaryFile.ts"

const homeNetwork = NetworkId.make(5130001)
const usbStorage = { network: homeNetwork, syncModule: SyncModuleId.make(6210001) }
const signedIn = cloud({ startAt: Date.UTC(2026, 4, 2), settings: { secondFactor: "off" } })

const newestClip = Effect.gen(function* () {
  const { clips } = yield* BlinkApi.use((api) => api.media(null, 1))
  return clips.find(({ deleted, media }) => !deleted && media !== null)!.media!
})

const fileIn = Effect.tap(temporaryFile, (path) => Effect.promise(() => mkdir(dirname(path))))

describe("Thumbnails", () => {
  it.effect("fetchPicture returns the time and completeness of a thumbnail", () =>
    Effect.gen(function* () {
      yield* signIn
      const { cameras } = yield* BlinkApi.use((api) => api.snapshot)
      for (const { thumbnail } of cameras) {
        const { bytes, takenAt, complete } = yield* fetchPicture(thumbnail!)
        assert.isTrue(complete)
        assert.isNotNull(takenAt)
        assert.isFalse(isCompleteJpeg(bytes.subarray(0, bytes.length - 2)))
      }
    }).pipe(Effect.provide(signedIn)),
  )

  it.effect("fetchPicture retries an empty thumbnail twice, then fails with NotReady", () =>
    Effect.gen(function* () {
      yield* signIn
      yield* (yield* Emulator).fault({
        match: { path: ".jpg" },
        do: { status: 200, body: "", content_type: "image/jpeg" },
      })
      const { cameras } = yield* BlinkApi.use((api) => api.snapshot)
      const since = yield* requestMark
      const error = yield* withTestClock(Effect.flip(fetchPicture(cameras[0]!.thumbnail!)))
      assert.strictEqual(error.reason._tag, "NotReady")
      assert.strictEqual((yield* requests(since)).length, 3)
    }).pipe(Effect.provide(signedIn)),
  )
})

describe("Clips", () => {
  it.effect("downloadTo writes a part file, checks its size and renames it", () =>
    Effect.gen(function* () {
      yield* signIn
      const path = yield* newestClip
      const file = yield* fileIn
      const steps = [...(yield* Stream.runCollect(downloadTo(path, file)))]
      const whole = yield* BlinkApi.use((api) => api.bytes(path))
      assert.deepStrictEqual(steps.at(-1), { received: whole.length, total: whole.length, done: true })
      assert.isTrue(steps.slice(0, -1).every(({ done }) => !done))
      assert.deepStrictEqual(new Uint8Array(yield* Effect.promise(() => readFile(file))), whole)
      assert.deepStrictEqual(yield* Effect.promise(() => readdir(dirname(file))), ["session.json"])
    }).pipe(Effect.provide(signedIn)),
  )

  it.effect("downloadTo resumes a partial file", () =>
    Effect.gen(function* () {
      yield* signIn
      const path = yield* newestClip
      const file = yield* fileIn
      const whole = yield* BlinkApi.use((api) => api.bytes(path))
      yield* Effect.promise(() => writeFile(`${file}.part`, whole.subarray(0, 1000)))
      const steps = [...(yield* Stream.runCollect(downloadTo(path, file)))]
      assert.deepStrictEqual(new Uint8Array(yield* Effect.promise(() => readFile(file))), whole)
      assert.isAbove(steps[0]!.received, 0)
    }).pipe(Effect.provide(signedIn)),
  )

  it.effect(
    "downloadTo starts over when the partial file is complete already or belongs to another clip",
    () =>
      Effect.gen(function* () {
        yield* signIn
        const path = yield* newestClip
        const whole = yield* BlinkApi.use((api) => api.bytes(path))
        for (const extra of [0, 10]) {
          const file = yield* fileIn
          yield* (yield* Emulator).fault({ match: { path: ".mp4" }, times: 1, do: { status: 416, body: "" } })
          yield* Effect.promise(() => writeFile(`${file}.part`, Buffer.concat([whole, Buffer.alloc(extra)])))
          yield* Stream.runDrain(downloadTo(path, file))
          assert.deepStrictEqual(new Uint8Array(yield* Effect.promise(() => readFile(file))), whole)
        }
      }).pipe(Effect.provide(signedIn)),
  )

  it.effect("downloadTo leaves no file under the final name when the connection breaks", () =>
    Effect.gen(function* () {
      yield* signIn
      const path = yield* newestClip
      const file = yield* fileIn
      yield* (yield* Emulator).fault({ match: { path: ".mp4" }, times: 1, do: { truncate: true } })
      const error = yield* withTestClock(Effect.flip(Stream.runDrain(downloadTo(path, file))))
      assert.strictEqual(error.category, "transient")
      assert.notInclude(yield* Effect.promise(() => readdir(dirname(file))), "session.json")
      yield* Stream.runDrain(downloadTo(path, file))
      const whole = yield* BlinkApi.use((api) => api.bytes(path))
      assert.deepStrictEqual(new Uint8Array(yield* Effect.promise(() => readFile(file))), whole)
    }).pipe(Effect.provide(signedIn)),
  )

  it.effect("BlinkApi lists a deleted clip as deleted and reports its file as NotFound", () =>
    Effect.gen(function* () {
      yield* signIn
      const api = yield* BlinkApi
      const { clips } = yield* api.media(null, 1)
      const clip = clips.find(({ deleted }) => !deleted)!
      yield* api.call("deleteMedia", { body: { media_list: [Number(clip.id)] } })
      const after = (yield* api.media(null, 1)).clips.find(({ id }) => id === clip.id)
      assert.isTrue(after?.deleted)
      assert.strictEqual((yield* Effect.flip(api.bytes(clip.media!))).reason._tag, "NotFound")
    }).pipe(Effect.provide(signedIn)),
  )
})

describe("USB storage", () => {
  it.effect("LocalStorage lists, fetches and deletes clips", () =>
    Effect.gen(function* () {
      yield* signIn
      const local = yield* LocalStorage
      const manifest = yield* withTestClock(local.clips(usbStorage))
      assert.isAbove(manifest.clips.length, 0)
      assert.isTrue(manifest.clips.every(({ id, storage }) => id.startsWith("local:") && storage === "local"))
      // Manifest names have no spaces; the camera is found nevertheless.
      assert.include(
        manifest.clips.map(({ cameraName }) => cameraName),
        "Living Room",
      )
      const { id } = manifest.clips[0]!
      const bytes = yield* withTestClock(local.bytes(usbStorage, manifest, id))
      assert.strictEqual(new TextDecoder().decode(bytes.subarray(4, 8)), "ftyp")
      yield* withTestClock(local.remove(usbStorage, manifest, id))
      yield* (yield* Emulator).clock({ advance_ms: 60_000 }) // deletions appear late in manifests
      const after = yield* withTestClock(local.clips(usbStorage))
      assert.notInclude(
        after.clips.map((clip) => clip.id),
        id,
      )
    }).pipe(Effect.provide(signedIn)),
  )

  it.effect("LocalStorage.clips retries a busy sync module and fails with NotFound for an unknown one", () =>
    Effect.gen(function* () {
      yield* signIn
      const local = yield* LocalStorage
      yield* (yield* Emulator).fault({
        match: { method: "POST", path: "/manifest/request" },
        times: 2,
        do: { status: 409, body: { message: "System is busy, please wait", code: 307 } },
      })
      assert.isAbove((yield* withTestClock(local.clips(usbStorage))).clips.length, 0)
      const error = yield* withTestClock(
        Effect.flip(local.clips({ network: homeNetwork, syncModule: SyncModuleId.make(1) })),
      )
      assert.strictEqual(error.category, "not_found")
    }).pipe(Effect.provide(signedIn)),
  )
})
