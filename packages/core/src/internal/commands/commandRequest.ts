import { Effect } from "effect"
import type { BlinkApi } from "../../BlinkApi.ts"
import { type BlinkError, blinkError } from "../../BlinkError.ts"
import type { Command } from "../../Command.ts"
import { NotSupported, Rejected } from "../../Reason.ts"

/** Fields of the response to a command that are used here. */
export interface CommandReceipt {
  readonly id?: number | null
  readonly code?: number | null
  readonly message?: string | null
  readonly state_condition?: string | null
}

type Api = BlinkApi["Service"]
type CommandRequest = Effect.Effect<CommandReceipt, BlinkError>

const unsupported = (command: Command, detail: string): CommandRequest =>
  Effect.fail(blinkError(command.name, new NotSupported({ detail }), "no"))

const onOff = (on: boolean) => (on ? "on" : "off")

const withoutReceipt: (effect: Effect.Effect<unknown, BlinkError>) => CommandRequest = (effect) =>
  Effect.as(effect, {})

const calibration = ({
  network,
  camera,
  args: { current, minimum, maximum },
}: Extract<Command, { readonly name: "calibrateTemperature" }>) => ({
  current_temp: current,
  temp_min: minimum,
  temp_max: maximum,
  id: camera,
  network,
})

const sendToCamera = (api: Api, command: CameraCommand): CommandRequest => {
  const { network, camera } = command
  switch (command.name) {
    case "enable":
      return api.call("enableCamera", { network, camera })
    case "disable":
      return api.call("disableCamera", { network, camera })
    case "thumbnail":
      return api.call("cameraThumbnail", { network, camera })
    case "clip":
      return api.call("cameraClip", { network, camera })
    case "refresh":
      return api.call("refreshCamera", { network, camera })
    case "configure":
      return api.call("updateCamera", { network, camera, body: command.args.settings })
    case "light":
      return command.args.accessory === undefined
        ? Effect.fail(
            blinkError(
              command.name,
              new Rejected({
                status: 0,
                code: null,
                detail: "name the floodlight: a battery camera has no light of its own",
              }),
              "no",
            ),
          )
        : api.call("cameraLight", {
            network,
            camera,
            accessory: command.args.accessory,
            state: onOff(command.args.on),
          })
    case "snooze":
      return withoutReceipt(
        api.call("snoozeCamera", { network, camera, body: { snooze_time: command.args.minutes } }),
      )
    case "unsnooze":
      return withoutReceipt(api.call("unsnoozeCamera", { network, camera }))
    case "temperatureAlert":
      return withoutReceipt(
        api.call("setTemperatureAlert", {
          network,
          camera,
          state: command.args.on ? "enable" : "disable",
        }),
      )
    default:
      return api.call("calibrateTemperature", { network, camera, body: calibration(command) })
  }
}

const sendToMini = (api: Api, command: CameraCommand): CommandRequest => {
  const { network, camera } = command
  switch (command.name) {
    case "enable":
    case "disable":
      return api.call("updateOwl", { network, camera, body: { enabled: command.name === "enable" } })
    case "thumbnail":
      return api.call("owlThumbnail", { network, camera })
    case "clip":
      return api.call("owlClip", { network, camera })
    case "refresh":
      return api.call("refreshOwl", { network, camera })
    case "configure":
      return api.call("updateOwl", { network, camera, body: command.args.settings })
    case "light":
      return api.call("owlLight", { network, camera, state: onOff(command.args.on) })
    case "snooze":
      return withoutReceipt(
        api.call("snoozeOwl", { network, camera, body: { snooze_time: command.args.minutes } }),
      )
    case "unsnooze":
      return withoutReceipt(api.call("unsnoozeOwl", { network, camera }))
    default:
      return unsupported(command, "a Mini has no thermometer")
  }
}

const sendToDoorbell = (api: Api, command: CameraCommand): CommandRequest => {
  const { network, camera } = command
  switch (command.name) {
    case "enable":
      return api.call("enableDoorbell", { network, camera })
    case "disable":
      return api.call("disableDoorbell", { network, camera })
    case "thumbnail":
      return api.call("doorbellThumbnail", { network, camera })
    case "clip":
      return api.call("doorbellClip", { network, camera })
    case "refresh":
      return api.call("refreshDoorbell", { network, camera })
    case "configure":
      return api.call("updateDoorbell", { network, camera, body: command.args.settings })
    case "snooze":
      return withoutReceipt(
        api.call("snoozeDoorbell", { network, camera, body: { snooze_time: command.args.minutes } }),
      )
    case "unsnooze":
      return withoutReceipt(api.call("unsnoozeDoorbell", { network, camera }))
    case "light":
      return unsupported(command, "a doorbell has no light to switch")
    case "temperatureAlert":
      return withoutReceipt(
        api.call("setDoorbellTemperatureAlert", {
          network,
          camera,
          state: command.args.on ? "enable" : "disable",
        }),
      )
    default:
      return api.call("calibrateDoorbell", { network, camera, body: calibration(command) })
  }
}

type CameraCommand = Extract<Command, { readonly camera: unknown }>

/** Sends the one request for `command`, chosen by the kind of camera (never its model) and by the API. */
export const sendCommand = (api: Api, dialect: "oauth" | "legacy", command: Command): CommandRequest => {
  switch (command.name) {
    case "arm":
    case "disarm":
      return dialect === "oauth"
        ? api.call("setArmed", { network: command.network, state: command.name })
        : api.call(command.name === "arm" ? "legacyArm" : "legacyDisarm", { network: command.network })
    case "configureNetwork":
      return withoutReceipt(
        api.call("updateNetwork", { network: command.network, body: command.args.settings }),
      )
    case "deleteClip":
      return withoutReceipt(api.deleteClips([command.args.clip]))
    default:
      if (command.kind === "camera") return sendToCamera(api, command)
      return command.kind === "mini" ? sendToMini(api, command) : sendToDoorbell(api, command)
  }
}
