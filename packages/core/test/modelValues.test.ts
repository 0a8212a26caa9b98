import { BlinkAccount, BlinkApi, Drift, TokenStore } from "../src/index.ts"
import { NetworkId } from "@blink-streams/model"
import { assert, it } from "@effect/vitest"
import { Effect, Layer, SubscriptionRef } from "effect"
import { TestClock } from "effect/testing"
import { homescreen } from "./fixtures.ts"
import { scriptedCloud } from "./scriptedCloud.ts"
import { signedIn } from "./storedSession.ts"

const network = NetworkId.make(501)

const storeWith = (dialect: "oauth" | "legacy") => {
  const session = signedIn(10 ** 12)
  const kept = { ...session, grant: { ...session.grant!, dialect } }
  return Layer.effect(
    TokenStore,
    Effect.tap(TokenStore, (store) => Effect.orDie(store.save(kept))),
  ).pipe(Layer.provide(TokenStore.layerMemory))
}

/** Account whose requests all get `body`. */
const account = (body: unknown, dialect: "oauth" | "legacy" = "oauth") => {
  const cloud = scriptedCloud((request) =>
    request === "GET /user" ? { status: 200, body: { temp_units: "f" } } : { status: 200, body },
  )
  const config = { apiUrl: "https://127.0.0.1", dialect }
  const layer = BlinkAccount.layer({ config, store: storeWith(dialect) })
  return { seen: cloud.seen, layer: Layer.provide(layer, cloud.layer) }
}

it.effect(
  "BlinkApi.legacyEvents returns rows as motion, arming and others, and reports a new type as drift",
  () =>
    Effect.gen(function* () {
      const rows: unknown = yield* BlinkApi.use((api) => api.legacyEvents(network))
      const empty = {
        at: null,
        camera: null,
        cameraName: null,
        clipId: null,
        clip: null,
        durationSeconds: null,
      }
      assert.deepStrictEqual(rows, [
        {
          id: 5,
          kind: "motion",
          at: "2026-03-14T06:00:05.000Z",
          camera: { kind: "camera", id: 1 },
          cameraName: "Porch",
          clipId: "99",
          clip: "/clip/99.mp4",
          durationSeconds: 7,
        },
        { ...empty, id: 4, kind: "arm", at: "2026-03-14T06:00:04.000Z" },
        { ...empty, id: 3, kind: "other" },
        { ...empty, id: 2, kind: "other" },
        { ...empty, id: 1, kind: "other" },
      ])
      const drift = yield* SubscriptionRef.get((yield* Drift).state)
      assert.deepStrictEqual(
        [...drift.values()].map(({ path, reason }) => [path, reason]),
        [["legacyEvents.event[].type", 'unknown value "eclipse"']],
      )
    }).pipe(
      Effect.provide(
        account(
          {
            event: [
              {
                id: 5,
                type: "motion",
                created_at: "2026-03-14T06:00:05+00:00",
                camera_id: 1,
                camera_name: "Porch",
                video_id: 99,
                video_url: "/clip/99.mp4",
                duration: 7,
              },
              { id: 4, type: "armed", created_at: "2026-03-14T06:00:04+00:00" },
              { id: 3, type: "heartbeat", created_at: "soon" },
              { id: 2, type: "eclipse" },
              { id: 1, type: null },
            ],
          },
          "legacy",
        ).layer,
      ),
    ),
)

it.effect("BlinkApi.schedules returns each entry with its action, weekdays and time in UTC", () =>
  Effect.gen(function* () {
    const schedules: unknown = yield* BlinkApi.use((api) => api.schedules(network))
    assert.deepStrictEqual(schedules, [
      { enabled: true, action: "arm", weekdays: ["fri", "sat"], time: "2025-01-01T06:00:00.000Z" },
      { enabled: true, action: "disarm", weekdays: [], time: "1970-01-01T06:30:00.000Z" },
      { enabled: false, action: "arm", weekdays: [], time: "2026-01-10T23:00:00.000Z" },
    ])
  }).pipe(
    Effect.provide(
      account([
        {
          id: 1,
          status: "enabled",
          schedule: [
            { dow: ["sat", "fri"], time: "2025-01-01 08:00:00 +0200", action: "arm" },
            { time: "06:30:00", action: "disarm" },
            { time: "soon", action: "arm" },
            { time: "06:30:00", action: "dance" },
          ],
        },
        { id: 2, status: "disabled", schedule: [{ time: "2026-01-10 23:00:00 +0000", action: "arm" }] },
        { id: 3 },
      ]).layer,
    ),
  ),
)

it.effect("BlinkApi.cameras sends no request within five minutes of a snapshot", () => {
  const { layer, seen } = account(homescreen(3))
  return Effect.gen(function* () {
    const api = yield* BlinkApi
    const { cameras } = yield* api.snapshot
    yield* TestClock.adjust("4 minutes")
    const before = seen.length
    assert.strictEqual(yield* api.cameras, cameras)
    assert.strictEqual(seen.length, before)
    yield* TestClock.adjust("1 minute")
    assert.strictEqual((yield* api.cameras).length, cameras.length)
    assert.isAbove(seen.length, before)
  }).pipe(Effect.provide(layer))
})
