import { BlinkAccount, BlinkApi, Drift, TokenStore } from "../src/index.ts"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, SubscriptionRef } from "effect"
import { homescreen, mediaPage } from "./fixtures.ts"
import { type ScriptedResponse, scriptedCloud } from "./scriptedCloud.ts"
import { signedIn } from "./storedSession.ts"

const store = Layer.effect(
  TokenStore,
  Effect.tap(TokenStore, (kept) => Effect.orDie(kept.save(signedIn(10 ** 12)))),
).pipe(Layer.provide(TokenStore.layerMemory))

/** Account whose requests are handled by `respond`. */
const account = (respond: (request: string) => ScriptedResponse) =>
  BlinkAccount.layer({ config: { apiUrl: "https://127.0.0.1" }, store }).pipe(
    Layer.provide(
      scriptedCloud((request) =>
        request === "GET /user" ? { status: 200, body: { temp_units: "f" } } : respond(request),
      ).layer,
    ),
  )

const snapshotOf = (body: unknown) =>
  BlinkApi.use((api) => api.snapshot).pipe(Effect.provide(account(() => ({ status: 200, body }))))

const drift = (body: unknown) =>
  Effect.gen(function* () {
    yield* Effect.exit(BlinkApi.use((api) => api.snapshot))
    const { state } = yield* Drift
    return [...SubscriptionRef.getUnsafe(state).values()].map(
      ({ path, reason, count }) => `${path}: ${reason} ×${count}`,
    )
  }).pipe(Effect.provide(account(() => ({ status: 200, body }))))

describe("Homescreen decoding", () => {
  it.effect("BlinkApi.snapshot converts a homescreen to the model", () =>
    Effect.gen(function* () {
      const { networks, syncModules, cameras } = yield* snapshotOf(homescreen(10))
      assert.deepStrictEqual(
        networks.map(({ name, arm }) => [name, arm]),
        [
          ["Garden Lane", "armed"],
          ["Workshop", "disarmed"],
        ],
      )
      assert.deepInclude(syncModules[0], {
        name: "Lane Hub",
        online: "online",
        wifiBars: 4,
        localStorage: "active",
      })
      assert.deepStrictEqual(
        cameras.map(({ kind }) => kind).filter((kind, index, all) => all.indexOf(kind) === index),
        ["camera", "mini", "doorbell"],
      )
      const [first] = cameras
      assert.deepInclude(first, {
        online: "online",
        detection: "off",
        battery: "low",
        hubBars: 0,
        wifiBars: 2,
        snoozed: false,
      })
      assert.deepStrictEqual(first?.temperature, {
        celsius: 16.1,
        raw: 61,
        unit: "fahrenheit",
        basis: "account",
      })
      assert.strictEqual(first?.thumbnail?.takenAt, "2026-05-02T19:11:04.000Z")
      const mini = cameras.find(({ kind }) => kind === "mini")
      assert.strictEqual(mini?.id, first?.id)
      assert.deepInclude(mini, { battery: "mains", batteryBars: null, temperature: null })
      assert.deepInclude(
        cameras.find(({ kind }) => kind === "doorbell"),
        { online: "offline", thumbnail: null },
      )
    }),
  )

  it.effect("Drift is empty for a homescreen of the known shape", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* drift(homescreen(20)), [])
    }),
  )

  it.effect("BlinkApi.snapshot accepts unknown fields and values, and Drift counts each by its path", () =>
    Effect.gen(function* () {
      const extended = homescreen(3)
      const cameras = extended.cameras.map((camera) => ({ ...camera, battery: "critical", mood: "good" }))
      const { cameras: seen } = yield* snapshotOf({ ...extended, cameras, weather: "fine" })
      assert.strictEqual(seen.length, 4)
      assert.strictEqual(seen[0]?.battery, "unknown")
      assert.sameMembers(yield* drift({ ...extended, cameras, weather: "fine" }), [
        'homescreen.cameras[].battery: unknown value "critical" ×3',
        "homescreen.cameras[].mood: unknown field ×3",
        "homescreen.weather: unknown field ×1",
      ])
    }),
  )

  it.effect("BlinkApi.snapshot drops an invalid camera and keeps the others", () =>
    Effect.gen(function* () {
      const base = homescreen(3)
      const broken = {
        ...base,
        cameras: [base.cameras[0], { ...base.cameras[1], id: "eight" }, null, base.cameras[2]],
      }
      const { cameras } = yield* snapshotOf(broken)
      assert.deepStrictEqual(
        cameras.map(({ name }) => name),
        ["Camera 0", "Camera 2", "Camera 0"],
      )
      assert.include(
        yield* drift(broken),
        "homescreen.cameras[].id: string where whole number was expected ×1",
      )
    }),
  )

  it.effect("BlinkApi.snapshot reports unknown for missing values, never disarmed", () =>
    Effect.gen(function* () {
      const base = homescreen(1)
      for (const armed of [null, undefined, "yes", 1]) {
        const { networks } = yield* snapshotOf({ ...base, networks: [{ ...base.networks[0], armed }] })
        assert.strictEqual(networks[0]?.arm, "unknown")
      }
      const silent = { id: 1, network_id: 2 }
      const { cameras } = yield* snapshotOf({ networks: [], cameras: [silent] })
      assert.deepInclude(cameras[0], {
        name: "Camera 1",
        online: "unknown",
        detection: "unknown",
        battery: "unknown",
        snoozed: null,
      })
    }),
  )

  it.effect("BlinkApi.snapshot returns the same lists when only fields outside of the model change", () => {
    let polls = 0
    const body = () => {
      polls += 1
      const home = homescreen(5)
      const beat = { updated_at: `2026-05-02T19:11:0${polls}+00:00` }
      return {
        ...home,
        cameras: home.cameras.map((camera) => Object.assign({}, camera, beat)),
        sync_modules: home.sync_modules.map((module) =>
          Object.assign({}, module, { last_hb: beat.updated_at }),
        ),
      }
    }
    return Effect.gen(function* () {
      const api = yield* BlinkApi
      const first = yield* api.snapshot
      yield* api.invalidate
      const second = yield* api.snapshot
      assert.isAbove(polls, 1)
      assert.strictEqual(second.cameras, first.cameras)
      assert.strictEqual(second.syncModules, first.syncModules)
      assert.strictEqual(second.networks, first.networks)
    }).pipe(Effect.provide(account(() => ({ status: 200, body: body() }))))
  })

  it.effect("BlinkApi.snapshot returns the same objects for an unchanged homescreen", () =>
    Effect.gen(function* () {
      const api = yield* BlinkApi
      const first = yield* api.snapshot
      const second = yield* api.snapshot
      assert.strictEqual(second.cameras, first.cameras)
      assert.strictEqual(second.networks, first.networks)
    }).pipe(Effect.provide(account(() => ({ status: 200, body: homescreen(5) })))),
  )
})

it.effect("Code 105 is a response of the version endpoint and NotSupported elsewhere", () =>
  Effect.gen(function* () {
    const api = yield* BlinkApi
    assert.deepInclude(yield* api.call("version", {}), { code: 105, update_required: true })
    assert.strictEqual((yield* Effect.flip(api.call("networks", {}))).reason._tag, "NotSupported")
  }).pipe(
    Effect.provide(
      account(() => ({
        status: 200,
        body: {
          message: "An app update is required",
          code: 105,
          update_available: true,
          update_required: true,
        },
      })),
    ),
  ),
)

it.effect("Drift is empty for the oldest response of a sync module, which has no id", () =>
  Effect.gen(function* () {
    const api = yield* BlinkApi
    const { syncmodule } = yield* api.call("syncModules", { network: 5200001 })
    assert.deepStrictEqual(syncmodule, { name: "Hub", status: "online" })
    assert.strictEqual(SubscriptionRef.getUnsafe((yield* Drift).state).size, 0)
  }).pipe(
    Effect.provide(account(() => ({ status: 200, body: { syncmodule: { name: "Hub", status: "online" } } }))),
  ),
)

it.effect("BlinkApi.media expects a next page although a row of a full page is invalid", () => {
  const { media, ...page } = mediaPage(25)
  const spoilt = media.with(1, Object.assign({}, media[1], { id: "?" }))
  return Effect.gen(function* () {
    const api = yield* BlinkApi
    const { clips, last } = yield* api.media(null, 1)
    assert.strictEqual(clips.length, 24)
    assert.isFalse(last)
  }).pipe(Effect.provide(account(() => ({ status: 200, body: { ...page, limit: 25, media: spoilt } }))))
})

it.effect("BlinkApi.media keeps time, camera and state of clips", () =>
  Effect.gen(function* () {
    const api = yield* BlinkApi
    yield* api.snapshot
    const { clips, last } = yield* api.media(null, 1)
    assert.isTrue(last)
    assert.strictEqual(clips[0]?.id, "4500000000")
    assert.strictEqual(clips[0]?.createdAt, "2026-05-02T19:10:10.000Z")
    assert.deepInclude(clips[0], {
      storage: "cloud",
      source: "pir",
      thumbnail: "/api/v2/accounts/4200001/media/thumb/4500000000.jpg",
      media: "/api/v2/accounts/4200001/media/clip/4500000000.mp4",
    })
    // A camera and a Mini have the same id: the device type decides.
    assert.deepStrictEqual(
      clips.slice(0, 3).map(({ camera }) => `${camera?.kind} ${camera?.id}`),
      ["camera 8700000", "mini 8700000", "doorbell 8900000"],
    )
    assert.isTrue(clips[3]?.deleted)
    assert.isTrue(clips[5]?.partial)
  }).pipe(
    Effect.provide(
      account((request) => ({
        status: 200,
        body: request.includes("media") ? mediaPage(12) : homescreen(10),
      })),
    ),
  ),
)
