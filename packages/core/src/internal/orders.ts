import { Effect } from "effect"
import type { BlinkApi } from "../BlinkApi.ts"
import { type BlinkError, blinkError, NotSupported, Refused } from "../BlinkError.ts"
import { legacy, oauth } from "../endpoints/catalog.ts"
import type { Wish } from "../Wish.ts"

/** What the cloud answers to an order, as far as we use it. */
export interface Accepted {
  readonly id?: number | null
  readonly code?: number | null
  readonly message?: string | null
  readonly state_condition?: string | null
}

type Api = BlinkApi["Service"]
type Ordered = Effect.Effect<Accepted, BlinkError>

const not = (wish: Wish, what: string): Ordered =>
  Effect.fail(blinkError(wish.name, new NotSupported({ what })))

const onOff = (on: boolean) => (on ? "on" : "off")

const done: (effect: Effect.Effect<unknown, BlinkError>) => Ordered = (effect) => Effect.as(effect, {})

const calibration = ({
  network,
  camera,
  args: { current, minimum, maximum },
}: Extract<Wish, { readonly name: "calibrateTemperature" }>) => ({
  current_temp: current,
  temp_min: minimum,
  temp_max: maximum,
  id: camera,
  network,
})

/** Each wish for a battery camera. */
const forCamera = (api: Api, wish: CameraWish): Ordered => {
  const { network, camera } = wish
  switch (wish.name) {
    case "enable":
      return api.call(oauth.enableCamera, { network, camera })
    case "disable":
      return api.call(oauth.disableCamera, { network, camera })
    case "thumbnail":
      return api.call(oauth.cameraThumbnail, { network, camera })
    case "clip":
      return api.call(oauth.cameraClip, { network, camera })
    case "refresh":
      return api.call(oauth.refreshCamera, { network, camera })
    case "configure":
      return api.call(oauth.updateCamera, { network, camera, body: wish.args.settings })
    case "light":
      return wish.args.accessory === undefined
        ? Effect.fail(
            blinkError(
              wish.name,
              new Refused({
                status: 0,
                code: null,
                what: "name the floodlight: a battery camera has none of its own",
              }),
            ),
          )
        : api.call(oauth.cameraLight, {
            network,
            camera,
            accessory: wish.args.accessory,
            state: onOff(wish.args.on),
          })
    case "snooze":
      return done(api.call(oauth.snoozeCamera, { network, camera, body: { snooze_time: wish.args.minutes } }))
    case "unsnooze":
      return done(api.call(oauth.unsnoozeCamera, { network, camera }))
    case "temperatureAlert":
      return done(
        api.call(oauth.setTemperatureAlert, { network, camera, state: wish.args.on ? "enable" : "disable" }),
      )
    default:
      return api.call(oauth.calibrateTemperature, { network, camera, body: calibration(wish) })
  }
}

const forMini = (api: Api, wish: CameraWish): Ordered => {
  const { network, camera } = wish
  switch (wish.name) {
    case "enable":
    case "disable":
      return api.call(oauth.updateOwl, { network, camera, body: { enabled: wish.name === "enable" } })
    case "thumbnail":
      return api.call(oauth.owlThumbnail, { network, camera })
    case "clip":
      return api.call(oauth.owlClip, { network, camera })
    case "refresh":
      return api.call(oauth.refreshOwl, { network, camera })
    case "configure":
      return api.call(oauth.updateOwl, { network, camera, body: wish.args.settings })
    case "light":
      return api.call(oauth.owlLight, { network, camera, state: onOff(wish.args.on) })
    case "snooze":
      return done(api.call(oauth.snoozeOwl, { network, camera, body: { snooze_time: wish.args.minutes } }))
    case "unsnooze":
      return done(api.call(oauth.unsnoozeOwl, { network, camera }))
    default:
      return not(wish, "a Mini has no thermometer")
  }
}

const forDoorbell = (api: Api, wish: CameraWish): Ordered => {
  const { network, camera } = wish
  switch (wish.name) {
    case "enable":
      return api.call(oauth.enableDoorbell, { network, camera })
    case "disable":
      return api.call(oauth.disableDoorbell, { network, camera })
    case "thumbnail":
      return api.call(oauth.doorbellThumbnail, { network, camera })
    case "clip":
      return api.call(oauth.doorbellClip, { network, camera })
    case "refresh":
      return api.call(oauth.refreshDoorbell, { network, camera })
    case "configure":
      return api.call(oauth.updateDoorbell, { network, camera, body: wish.args.settings })
    case "snooze":
      return done(
        api.call(oauth.snoozeDoorbell, { network, camera, body: { snooze_time: wish.args.minutes } }),
      )
    case "unsnooze":
      return done(api.call(oauth.unsnoozeDoorbell, { network, camera }))
    case "light":
      return not(wish, "a doorbell has no light to switch")
    case "temperatureAlert":
      return done(
        api.call(oauth.setDoorbellTemperatureAlert, {
          network,
          camera,
          state: wish.args.on ? "enable" : "disable",
        }),
      )
    default:
      return api.call(oauth.calibrateDoorbell, { network, camera, body: calibration(wish) })
  }
}

type CameraWish = Extract<Wish, { readonly camera: unknown }>

/** The one request that a wish becomes: by the kind of camera, never by its model, and by the dialect. */
export const order = (api: Api, dialect: "oauth" | "legacy", wish: Wish): Ordered => {
  switch (wish.name) {
    case "arm":
    case "disarm":
      return dialect === "oauth"
        ? api.call(oauth.setArmed, { network: wish.network, state: wish.name })
        : api.call(legacy[wish.name], { network: wish.network })
    case "configureNetwork":
      return done(api.call(oauth.updateNetwork, { network: wish.network, body: wish.args.settings }))
    case "deleteClip": {
      const media = Number(wish.args.clip)
      if (!Number.isSafeInteger(media)) return not(wish, "a clip on a USB stick is not in the cloud")
      return done(
        dialect === "oauth"
          ? api.call(oauth.deleteMedia, { body: { media_list: [media] } })
          : api.call(legacy.deleteVideo, { media }),
      )
    }
    default:
      if (wish.kind === "camera") return forCamera(api, wish)
      return wish.kind === "mini" ? forMini(api, wish) : forDoorbell(api, wish)
  }
}
