import { BlinkApi, type CallName, type BlinkError, Drift } from "../src/index.ts"
import { legacy, oauth } from "../src/internal/endpoints/catalog.ts"
import type { AnyEndpoint, Endpoint, EndpointInput } from "../src/internal/endpoints/Endpoint.ts"
import { Emulator } from "@blink-streams/emulator"
import { assert, it } from "@effect/vitest"
import { Effect, SubscriptionRef } from "effect"
import { cloud, signIn } from "./cloud.ts"

type Responses = ReadonlyMap<string, unknown>

/** Request of one endpoint and its expected category. */
interface Step {
  readonly endpoint: AnyEndpoint
  readonly run: (responses: Responses) => Effect.Effect<unknown, BlinkError, BlinkApi>
  readonly expectedFailure: BlinkError["category"] | null
}

const step = <Path extends string, Query, Body, Output>(
  endpoint: Endpoint<Path, Query, Body, Output>,
  input: EndpointInput<Path, Query, Body> | ((responses: Responses) => EndpointInput<Path, Query, Body>),
  expectedFailure: Step["expectedFailure"] = null,
): Step => ({
  endpoint,
  expectedFailure,
  run: (responses) =>
    BlinkApi.use((api): Effect.Effect<unknown, BlinkError> => {
      const given = (typeof input === "function" ? input(responses) : input) as never
      const name = endpoint.id as CallName
      return endpoint.response === null
        ? Effect.flatMap(api.path(name, given), (path) => api.bytes(path))
        : api.call(name, given)
    }),
})

/** Value in an earlier response. */
const part = (responses: Responses, call: AnyEndpoint, ...keys: ReadonlyArray<string>): unknown => {
  let value = responses.get(call.id)
  for (const key of keys) value = typeof value === "object" && value !== null ? Reflect.get(value, key) : null
  return value
}
const number = (...of: Parameters<typeof part>): number => Number(part(...of))
const text = (...of: Parameters<typeof part>): string => String(part(...of))

const network = 5130001
const one = { network, camera: 8800101 }
const mini = { network, camera: 8900201 }
const bell = { network, camera: 8950301 }
const registration = 9120001
const media = 4410000034
const pin = { pin: "123456", trusted: true }
const snooze = { body: { snooze_time: 30 } }
const view = { body: { intent: "liveview", motion_event_start_time: null } } as const
const schedule = {
  name: "Nights",
  schedule: [{ dow: ["mon"], devices: [], time: "2026-05-04 21:00:00 +0000", action: "arm" }],
}
const calibration = { current_temp: 70, temp_min: 30, temp_max: 100, network }
const usbStorage = { network, syncModule: 6210001 }
const unknownUser = { body: { email: "unknown@example.net", password: "no" } }

/** Timestamp in the path of a thumbnail. */
const secondIn = (address: string): number => Number(/ts=(\d+)/.exec(address)?.[1])
const fileIn = (address: string): string => address.split("/").at(-1)!

interface PicturedCamera {
  readonly id: number
  readonly type: string
  readonly thumbnail: string
}

/** First camera whose thumbnail path matches: the order of lists is not fixed. */
const pictured = (responses: Responses, form: RegExp): PicturedCamera => {
  const cameras = part(responses, oauth.homescreen, "cameras") as ReadonlyArray<PicturedCamera>
  return cameras.find(({ thumbnail }) => form.test(thumbnail))!
}

const oauthCalls: ReadonlyArray<Step> = [
  step(oauth.tierInfo, {}),
  step(oauth.userInfo, {}),
  step(oauth.accountInfo, {}),
  step(oauth.user, {}),
  step(oauth.accountStatus, {}),
  step(oauth.resendPin, { registration }),
  step(oauth.verifyPin, { registration, body: pin }),
  step(oauth.resendUserPin, {}),
  step(oauth.verifyUserPin, { body: pin }),
  step(oauth.resendClientPin, { registration }),
  step(oauth.verifyClientPin, { registration, body: pin }),
  step(oauth.accountOptions, {}),
  step(oauth.userOptions, {}),
  step(oauth.setVideoOptions, { body: { auto_purge_days: 14 } }),
  step(oauth.notifications, {}),
  step(oauth.setNotifications, { body: { notifications: { motion: false } } }),
  step(oauth.preferences, {}),
  step(oauth.setPreferences, { body: { marketing: false } }),
  step(oauth.clientOptions, { registration }),
  step(oauth.clientOptionsOfUser, { registration }),
  step(oauth.setClientOptions, { registration, body: { options: "{}" } }),
  step(oauth.updateClient, { registration, body: { notification_key: "none" } }),
  step(oauth.updateClientOfUser, { registration, body: { notification_key: "none" } }),
  step(oauth.featureFlags, {}),
  step(oauth.entitlements, {}),
  step(oauth.plans, {}),
  step(oauth.supportPhone, {}),
  step(oauth.countries, {}),
  step(oauth.serviceStatus, { tier: "u017" }),
  step(oauth.uploadLogs, { body: { text: "hello" } }),
  step(oauth.regions, { query: { locale: "US" } }),
  step(oauth.version, {}),
  step(oauth.registrations, { registration }, "rejected"),
  step(oauth.requestPanelPin, { registration }),
  step(oauth.resendPanelPin, { registration }),
  step(oauth.verifyPanelPin, { registration, body: { pin: pin.pin } }),
  step(oauth.removeRegistration, { registration, body: { client_id: 1 } }, "not_found"),
  step(oauth.requestPanelPinOfAccount, { registration }),
  step(oauth.resendPanelPinOfAccount, { registration }),
  step(oauth.verifyPanelPinOfAccount, { registration, body: { pin: pin.pin } }),
  step(oauth.registrationsOfAccount, { registration }),
  step(oauth.removeRegistrationOfAccount, { registration, body: { client_id: 1 } }, "not_found"),
  step(oauth.homescreen, {}),
  step(oauth.homescreenV4, {}),
  step(oauth.cameraPicture, (responses) => {
    const { id: camera, type, thumbnail } = pictured(responses, /ts=/)
    return { network, type, camera, query: { ts: secondIn(thumbnail), ext: "" } }
  }),
  step(oauth.picture, (responses) => {
    const { id: camera, thumbnail } = pictured(responses, /\/fw_/)
    return { network, camera, store: "u017", file: `${fileIn(thumbnail)}.jpg` }
  }),
  step(oauth.identifyDevice, (responses) => ({
    serial: text(responses, oauth.homescreen, "sync_modules", "0", "serial"),
  })),
  step(oauth.identifyAnyDevice, (responses) => ({
    serial: text(responses, oauth.homescreen, "sync_modules", "0", "serial"),
  })),
  step(oauth.networks, {}),
  step(oauth.network, { network }),
  step(oauth.updateNetwork, { network, body: { name: "Home" } }),
  step(oauth.syncModules, { network }),
  step(oauth.setArmed, { network: 5130002, state: "arm" }),
  step(oauth.disarm, { network }),
  step(oauth.arm, { network }),
  step(oauth.command, (responses) => ({ network, command: number(responses, oauth.arm, "id") })),
  step(oauth.commandOfAccount, (responses) => ({ network, command: number(responses, oauth.arm, "id") })),
  step(oauth.snoozeNetwork, { network, ...snooze }),
  step(oauth.unsnoozeNetwork, { network }),
  step(oauth.sirens, { network }),
  step(oauth.allSirens, {}),
  step(oauth.activateSiren, { network, siren: 1, body: { duration: 1 } }, "not_supported"),
  step(oauth.silenceSiren, { network, siren: 1 }, "not_supported"),
  step(oauth.programs, { network }),
  step(oauth.createProgram, { network, body: schedule }),
  ...([oauth.updateProgram, oauth.updateProgramOfAccount] as const).map((endpoint) =>
    step(endpoint, (responses) => ({
      network,
      program: number(responses, oauth.createProgram, "program", "id"),
      body: { name: "Evenings" },
    })),
  ),
  ...(
    [
      oauth.enableProgram,
      oauth.disableProgram,
      oauth.enableProgramOfAccount,
      oauth.disableProgramOfAccount,
      oauth.deleteProgram,
    ] as const
  ).map((endpoint) =>
    step(endpoint, (responses) => ({
      network,
      program: number(responses, oauth.createProgram, "program", "id"),
    })),
  ),
  step(oauth.programsOfAccount, { network }),
  step(oauth.createProgramOfAccount, { network, body: schedule }),
  step(oauth.deleteProgramOfAccount, (responses) => ({
    network,
    program: number(responses, oauth.createProgramOfAccount, "program", "id"),
  })),
  step(oauth.camera, one),
  step(oauth.cameraSignals, one),
  step(oauth.cameraConfig, one),
  step(oauth.cameraUsage, {}),
  step(oauth.motionRegions, one),
  ...(
    [
      oauth.disableCamera,
      oauth.enableCamera,
      oauth.cameraThumbnail,
      oauth.cameraClip,
      oauth.refreshCamera,
      oauth.disableCameraOfAccount,
      oauth.enableCameraOfAccount,
      oauth.cameraThumbnailOfAccount,
      oauth.refreshCameraOfAccount,
    ] as const
  ).map((endpoint) => step(endpoint, one)),
  step(oauth.updateCamera, { ...one, body: { video_length: 20 } }),
  step(oauth.updateCameraV2, { ...one, body: { video_length: 20 } }),
  step(oauth.snoozeCamera, { ...one, ...snooze }),
  step(oauth.unsnoozeCamera, one),
  step(oauth.cameraLight, { ...one, accessory: 1, state: "on" }),
  step(oauth.setMotionRegions, { ...one, body: { motion_regions: 1 } }),
  step(oauth.setTemperatureAlert, { ...one, state: "disable" }),
  step(oauth.calibrateTemperature, { ...one, body: { ...calibration, id: one.camera } }),
  step(oauth.cameraLiveView, { ...one, ...view }),
  step(oauth.finishCommand, (responses) => ({
    network,
    command: number(responses, oauth.cameraLiveView, "command_id"),
  })),
  step(oauth.cameraLiveViewV5, { ...one, ...view }),
  ...([oauth.owlThumbnail, oauth.owlClip, oauth.refreshOwl, oauth.owlConfig] as const).map((endpoint) =>
    step(endpoint, mini),
  ),
  step(oauth.updateOwl, { ...mini, body: { enabled: true } }),
  step(oauth.snoozeOwl, { ...mini, ...snooze }),
  step(oauth.unsnoozeOwl, mini),
  step(oauth.owlLight, { ...mini, state: "on" }),
  step(oauth.owlLiveView, { ...mini, ...view }),
  step(oauth.owlLiveViewV1, { ...mini, ...view }),
  ...(
    [
      oauth.disableDoorbell,
      oauth.enableDoorbell,
      oauth.doorbellThumbnail,
      oauth.doorbellClip,
      oauth.refreshDoorbell,
      oauth.doorbellConfig,
    ] as const
  ).map((endpoint) => step(endpoint, bell)),
  step(oauth.updateDoorbell, { ...bell, body: { led_mode: "on" } }),
  step(oauth.snoozeDoorbell, { ...bell, ...snooze }),
  step(oauth.unsnoozeDoorbell, bell),
  step(oauth.setDoorbellTemperatureAlert, { ...bell, state: "enable" }),
  step(oauth.calibrateDoorbell, { ...bell, body: { ...calibration, id: bell.camera } }),
  step(oauth.doorbellLiveView, { ...bell, ...view }),
  step(oauth.doorbellLiveViewV1, { ...bell, ...view }),
  step(oauth.mediaChanged, { query: { since: "1970-01-01T00:00:00+0000", page: 1 } }),
  step(oauth.videoCount, {}),
  step(oauth.mediaV4, { query: {}, body: { filters: {} } }),
  step(oauth.unwatched, {}),
  step(oauth.mediaSettings, {}),
  step(oauth.setMediaSettings, { body: { ttl_period: 14 } }),
  step(oauth.favorite, { body: { event_ids: [String(media)] } }),
  step(oauth.unfavorite, { body: { event_ids: [String(media)] } }),
  step(oauth.markWatched, { body: { media_list: [media] } }),
  step(oauth.clipFile, (responses) => ({
    network,
    type: pictured(responses, /ts=/).type,
    camera: pictured(responses, /ts=/).id,
    source: "pir",
    file: `${media}.mp4`,
  })),
  step(oauth.clipPictureV2, { file: `${media}.jpg` }),
  step(oauth.clipFileV2, { file: `${media}.mp4` }),
  step(oauth.oldClipFile, { ...one, store: "u017", file: "clip_none_2026.mp4" }, "not_found"),
  step(oauth.deleteMedia, { body: { media_list: [media] } }),
  step(oauth.deleteMediaV4, { body: { media_list: [media] } }),
  step(oauth.deleteOneV4, { media }),
  step(oauth.localStorageStatus, usbStorage),
  step(oauth.requestManifest, usbStorage),
  step(oauth.manifest, (responses) => ({
    ...usbStorage,
    request: number(responses, oauth.requestManifest, "id"),
  })),
  ...([oauth.requestClip, oauth.localClip, oauth.deleteLocalClip] as const).map((endpoint) =>
    step(endpoint, (responses) => ({
      ...usbStorage,
      manifest: number(responses, oauth.manifest, "manifest_id"),
      clip: number(responses, oauth.manifest, "clips", "0", "id"),
    })),
  ),
  step(oauth.ejectUsbStorage, usbStorage),
  step(oauth.mountUsbStorage, usbStorage),
  step(oauth.deleteLocalClips, usbStorage),
  step(oauth.formatUsbStorage, usbStorage),
  step(oauth.logout, { registration }),
  // The previous call has ended the session.
  step(oauth.logoutOfUser, { registration }, "session_expired"),
]

const legacyCalls: ReadonlyArray<Step> = [
  step(legacy.networks, {}),
  step(legacy.homescreen, {}),
  step(legacy.networkHomescreen, { network }),
  step(legacy.cameras, { network }),
  step(legacy.syncModules, { network }),
  step(legacy.camera, one),
  step(legacy.cameraSignals, one),
  step(legacy.cameraConfig, one),
  step(legacy.cameraUsage, {}),
  step(legacy.user, {}),
  step(legacy.events, { network }),
  step(legacy.videos, { page: 0 }),
  step(legacy.video, { media }),
  step(legacy.unwatchedVideos, { page: 0 }),
  step(legacy.allUnwatchedVideos, {}),
  step(legacy.videoCount, {}),
  step(legacy.registrations, {}),
  step(legacy.regions, { query: { locale: "US" } }),
  step(legacy.version, {}),
  step(legacy.serviceStatus, { tier: "u017" }),
  step(legacy.health, {}, "not_supported"),
  step(legacy.programs, { network }),
  step(legacy.programsOfAccount, { network }),
  step(legacy.disarm, { network }),
  step(legacy.arm, { network }),
  step(legacy.command, (responses) => ({ network, command: number(responses, legacy.arm, "id") })),
  step(legacy.finishCommand, (responses) => ({ network, command: number(responses, legacy.arm, "id") })),
  ...(
    [
      legacy.disableCamera,
      legacy.enableCamera,
      legacy.cameraThumbnail,
      legacy.cameraClip,
      legacy.refreshCamera,
    ] as const
  ).map((endpoint) => step(endpoint, one)),
  step(legacy.updateCamera, { ...one, body: { video_length: 20 } }),
  step(legacy.picture, { ...one, store: "u017", file: "fw_1__none_2026.jpg" }, "not_found"),
  step(legacy.clipFile, (responses) => ({
    network: number(responses, legacy.video, "0", "network_id"),
    camera: number(responses, legacy.video, "0", "camera_id"),
    store: "u017",
    file: fileIn(text(responses, legacy.video, "0", "address")),
  })),
  step(legacy.deleteVideo, { media }),
  // No success of this endpoint has ever been documented.
  step(legacy.deleteAllVideos, {}, "not_supported"),
  step(legacy.resendPin, { registration }),
  step(legacy.verifyPin, { registration, body: { pin: pin.pin } }),
  step(legacy.resendPinV3, { registration }),
  step(legacy.verifyPinV3, { registration, body: { pin: pin.pin } }),
  step(legacy.login, { body: { ...unknownUser.body, client_specifier: "toolkit" } }, "session_expired"),
  step(legacy.loginV2, unknownUser, "session_expired"),
  step(legacy.loginV3, unknownUser, "session_expired"),
  step(legacy.loginV4, unknownUser, "session_expired"),
  step(legacy.loginV5, unknownUser, "session_expired"),
  step(legacy.logout, { registration }),
]

for (const [dialect, steps, catalog] of [
  ["oauth", oauthCalls, oauth],
  ["legacy", legacyCalls, legacy],
] as const) {
  it(`Every ${dialect} endpoint is tested below`, () => {
    assert.sameMembers(
      steps.map(({ endpoint }) => endpoint.id),
      Object.values(catalog).map(({ id }) => id),
    )
  })

  it.effect(`The emulated cloud responds to every ${dialect} endpoint in the declared shape`, () =>
    Effect.gen(function* () {
      yield* signIn
      const emulator = yield* Emulator
      const responses = new Map<string, unknown>()
      for (const { endpoint, run, expectedFailure } of steps) {
        // Ends jobs of the previous call.
        yield* emulator.clock({ advance_ms: 400_000 })
        const result = yield* Effect.result(run(responses))
        const failure = result._tag === "Success" ? "" : String(result.failure)
        assert.strictEqual(
          result._tag === "Success" ? null : result.failure.category,
          expectedFailure,
          `${endpoint.id}: ${failure}`,
        )
        if (result._tag === "Success") responses.set(endpoint.id, result.success)
      }
      const { state } = yield* Drift
      assert.deepStrictEqual([...SubscriptionRef.getUnsafe(state).keys()], [])
    }).pipe(
      Effect.provide(
        cloud({
          config: { dialect },
          startAt: Date.UTC(2026, 4, 2),
          settings: { secondFactor: "off", accessTokenSeconds: 1_000_000 },
        }),
      ),
    ),
  )
}
