import { allEndpoints, type AnyEndpoint, BlinkApi, Drift, legacy, oauth } from "@blink-streams/core"
import { openApi } from "@blink-streams/core/openApi"
import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, SubscriptionRef } from "effect"
import { readFileSync } from "node:fs"
import { cloud, requests, signIn } from "./cloud.ts"
import { reference } from "./reference.ts"

it("the OpenAPI document in docs is the one that the calls are made from", () => {
  const file = new URL("../../../docs/blink-cloud.openapi.json", import.meta.url)
  assert.deepStrictEqual(
    JSON.parse(readFileSync(file, "utf8")),
    JSON.parse(JSON.stringify(openApi())),
    "write it anew with `pnpm --filter @blink-streams/core openapi`",
  )
})

it("the reference in docs is the one that the docstrings make", () => {
  const file = new URL("../../../docs/core-reference.md", import.meta.url)
  assert.strictEqual(
    readFileSync(file, "utf8"),
    reference(),
    "write it anew with `pnpm --filter @blink-streams/core reference`",
  )
})

const unique = (pick: (endpoint: AnyEndpoint) => string) => new Set(allEndpoints.map(pick)).size

it("no two calls share an id, or a method and path", () => {
  assert.strictEqual(
    unique(({ id }) => id),
    allEndpoints.length,
  )
  assert.strictEqual(
    unique(({ method, path }) => `${method} ${path}`),
    allEndpoints.length,
  )
})

const network = 5130001
const camera = 8800101
const mini = { network, camera: 8900201 }
const bell = { network, camera: 8950301 }
const one = { network, camera }
const stick = { network, syncModule: 6210001 }
const registration = 9120001
const snooze = { body: { snooze_time: 30 } }

/** Each read of today's API, with something to ask it about. */
const reads = (api: BlinkApi["Service"]) => ({
  homescreen: api.call(oauth.homescreen, {}),
  homescreenV4: api.call(oauth.homescreenV4, {}),
  networks: api.call(oauth.networks, {}),
  network: api.call(oauth.network, { network }),
  syncModules: api.call(oauth.syncModules, { network }),
  sirens: api.call(oauth.sirens, { network }),
  programs: api.call(oauth.programs, { network }),
  tierInfo: api.call(oauth.tierInfo, {}),
  userInfo: api.call(oauth.userInfo, {}),
  accountInfo: api.call(oauth.accountInfo, {}),
  user: api.call(oauth.user, {}),
  accountStatus: api.call(oauth.accountStatus, {}),
  accountOptions: api.call(oauth.accountOptions, {}),
  notifications: api.call(oauth.notifications, {}),
  clientOptions: api.call(oauth.clientOptions, { registration }),
  regions: api.call(oauth.regions, { query: { locale: "US" } }),
  version: api.call(oauth.version, {}),
  camera: api.call(oauth.camera, one),
  cameraSignals: api.call(oauth.cameraSignals, one),
  cameraConfig: api.call(oauth.cameraConfig, one),
  cameraUsage: api.call(oauth.cameraUsage, {}),
  motionRegions: api.call(oauth.motionRegions, one),
  owlConfig: api.call(oauth.owlConfig, mini),
  doorbellConfig: api.call(oauth.doorbellConfig, bell),
  mediaChanged: api.call(oauth.mediaChanged, { query: { since: "1970-01-01T00:00:00+0000", page: 1 } }),
  mediaV4: api.call(oauth.mediaV4, { query: {}, body: { filters: {} } }),
  unwatched: api.call(oauth.unwatched, {}),
  mediaSettings: api.call(oauth.mediaSettings, {}),
  localStorageStatus: api.call(oauth.localStorageStatus, stick),
  identifyDevice: Effect.flatMap(api.call(oauth.homescreen, {}), ({ sync_modules }) =>
    api.call(oauth.identifyDevice, { serial: sync_modules?.[0]?.serial ?? "" }),
  ),
})

/** Each order that needs nothing but a camera or an account. */
const orders = (api: BlinkApi["Service"]) => ({
  setArmed: api.call(oauth.setArmed, { network: 5130002, state: "arm" }),
  updateNetwork: api.call(oauth.updateNetwork, { network, body: { name: "Home" } }),
  snoozeNetwork: api.call(oauth.snoozeNetwork, { network, ...snooze }),
  unsnoozeNetwork: api.call(oauth.unsnoozeNetwork, { network }),
  snoozeCamera: api.call(oauth.snoozeCamera, { ...one, ...snooze }),
  unsnoozeCamera: api.call(oauth.unsnoozeCamera, one),
  snoozeOwl: api.call(oauth.snoozeOwl, { ...mini, ...snooze }),
  unsnoozeOwl: api.call(oauth.unsnoozeOwl, mini),
  snoozeDoorbell: api.call(oauth.snoozeDoorbell, { ...bell, ...snooze }),
  unsnoozeDoorbell: api.call(oauth.unsnoozeDoorbell, bell),
  setTemperatureAlert: api.call(oauth.setTemperatureAlert, { ...one, state: "disable" }),
  setMotionRegions: api.call(oauth.setMotionRegions, { ...one, body: { motion_regions: 1 } }),
  setVideoOptions: api.call(oauth.setVideoOptions, { body: { auto_purge_days: 14 } }),
  setNotifications: api.call(oauth.setNotifications, { body: { notifications: { motion: false } } }),
  setMediaSettings: api.call(oauth.setMediaSettings, { body: { ttl_period: 14 } }),
  updateClient: api.call(oauth.updateClient, { registration, body: { notification_key: "none" } }),
  uploadLogs: api.call(oauth.uploadLogs, { body: { text: "hello" } }),
})

const legacyReads = (api: BlinkApi["Service"]) => ({
  networks: api.call(legacy.networks, {}),
  homescreen: api.call(legacy.homescreen, {}),
  networkHomescreen: api.call(legacy.networkHomescreen, { network }),
  cameras: api.call(legacy.cameras, { network }),
  syncModules: api.call(legacy.syncModules, { network }),
  camera: api.call(legacy.camera, one),
  cameraSignals: api.call(legacy.cameraSignals, one),
  events: api.call(legacy.events, { network }),
  videos: api.call(legacy.videos, { page: 0 }),
  unwatchedVideos: api.call(legacy.unwatchedVideos, { page: 0 }),
  videoCount: api.call(legacy.videoCount, {}),
  video: api.call(legacy.video, { media: 4410000034 }),
  registrations: api.call(legacy.registrations, {}),
  regions: api.call(legacy.regions, { query: { locale: "US" } }),
  programs: api.call(legacy.programs, { network }),
})

const legacyOrders = (api: BlinkApi["Service"]) => ({
  arm: api.call(legacy.arm, { network: 5130002 }),
  deleteVideo: api.call(legacy.deleteVideo, { media: 4410000034 }),
})

const scenario = (
  title: string,
  dialect: "oauth" | "legacy",
  calls: (api: BlinkApi["Service"]) => Readonly<Record<string, Effect.Effect<unknown, unknown>>>,
) =>
  it.effect(`${dialect}: ${title} is answered, in a shape we know`, () =>
    Effect.gen(function* () {
      yield* signIn
      const api = yield* BlinkApi
      for (const [name, call] of Object.entries(calls(api))) {
        const result = yield* Effect.result(call)
        assert.strictEqual(
          result._tag,
          "Success",
          `${name}: ${result._tag === "Failure" ? String(result.failure) : ""}`,
        )
      }
      const { state } = yield* Drift
      assert.deepStrictEqual([...SubscriptionRef.getUnsafe(state).keys()], [])
      assert.isAbove((yield* requests()).length, 0)
    }).pipe(Effect.provide(cloud({ config: { dialect }, settings: { secondFactor: "off" } }))),
  )

/** Something to put into every brace of a path. */
const anything = {
  network,
  camera,
  registration,
  syncModule: 6210001,
  media: 4410000034,
  page: 1,
  command: 1,
  program: 1,
  siren: 1,
  accessory: 1,
  request: 1,
  manifest: 1,
  clip: 1,
  serial: "X",
  state: "arm",
}

/** A body of the declared shape, by chance. */
const bodyOf = ({ body }: AnyEndpoint) =>
  body === null
    ? Effect.succeed({})
    : Effect.map(
        Arbitrary.sampleEffect(Arbitrary.schema(body), { count: 1, size: 3, seed: 7 }),
        ([value]) => ({ body: value }),
      )

describe("the emulated cloud", () => {
  for (const dialect of ["oauth", "legacy"] as const) {
    it.effect(`${dialect}: each call is answered or turned away with a reason that says why`, () =>
      Effect.gen(function* () {
        yield* signIn
        const api = yield* BlinkApi
        const own = allEndpoints.filter(
          (endpoint) =>
            (endpoint.dialect === "both" || endpoint.dialect === dialect) &&
            !/logout|login|pin/i.test(endpoint.id),
        )
        for (const endpoint of own) {
          const input = {
            ...anything,
            query: { since: "2026-01-01", page: 1, locale: "US" },
            ...(yield* bodyOf(endpoint)),
          }
          const result = yield* Effect.result(api.call(endpoint as never, input as never))
          if (result._tag === "Failure") {
            const { category } = result.failure
            assert.include(
              ["wrongTarget", "notSupported", "refused", "busy"],
              category,
              `${endpoint.id}: ${String(result.failure)}`,
            )
          }
        }
      }).pipe(Effect.provide(cloud({ config: { dialect }, settings: { secondFactor: "off" } }))),
    )
  }

  scenario("every read", "oauth", reads)
  scenario("every order that comes alone", "oauth", orders)
  scenario("every read", "legacy", legacyReads)
  scenario("every order that comes alone", "legacy", legacyOrders)

  it.effect("calls of the other dialect are refused before anything is sent", () =>
    Effect.gen(function* () {
      yield* signIn
      const api = yield* BlinkApi
      const before = (yield* requests()).length
      assert.strictEqual((yield* Effect.flip(api.call(legacy.videos, { page: 0 }))).category, "notSupported")
      assert.strictEqual((yield* requests()).length, before)
    }).pipe(Effect.provide(cloud({ settings: { secondFactor: "off" } }))),
  )
})
