import { CameraId, CameraKind, ClipId, NetworkId } from "@blink-streams/model"
import { Schema } from "effect"

const networkCommand = <const Name extends string, Args extends Schema.Struct.Fields>(
  name: Name,
  args: Args,
) => Schema.Struct({ name: Schema.Literal(name), network: NetworkId, ...args })

const cameraCommand = <const Name extends string, Args extends Schema.Struct.Fields>(
  name: Name,
  args: Args,
) =>
  Schema.Struct({
    name: Schema.Literal(name),
    network: NetworkId,
    kind: CameraKind,
    camera: CameraId,
    ...args,
  })

/** Minutes without notifications. Free accounts are allowed 240 only. */
const Minutes = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1439 }))

/** What a person may want of a home. Which request it becomes depends on the kind of camera and the dialect. */
export const Command = Schema.Union([
  networkCommand("arm", {}),
  networkCommand("disarm", {}),
  /** Name, time zone and the like of a network, in the cloud's own words. */
  networkCommand("configureNetwork", {
    args: Schema.Struct({ settings: Schema.Record(Schema.String, Schema.Json) }),
  }),
  /** Deletes a clip in the cloud, at once and for good. Those on a USB stick go by `LocalStorage`. */
  networkCommand("deleteClip", { args: Schema.Struct({ clip: ClipId }) }),
  /** Motion makes this camera record, once its network is armed. */
  cameraCommand("enable", {}),
  cameraCommand("disable", {}),
  /** A new still. Wakes a battery camera. */
  cameraCommand("thumbnail", {}),
  /** Records a clip now. Wakes a battery camera. */
  cameraCommand("clip", {}),
  /** Asks the camera for fresh sensor values. */
  cameraCommand("refresh", {}),
  /** Settings of the camera in the cloud's own words (`motion_sensitivity`, `video_length`, …). */
  cameraCommand("configure", {
    args: Schema.Struct({ settings: Schema.Record(Schema.String, Schema.Json) }),
  }),
  /** `accessory` is the id of a floodlight mount, for a battery camera. */
  cameraCommand("light", {
    args: Schema.Struct({ on: Schema.Boolean, accessory: Schema.optionalKey(Schema.Int) }),
  }),
  /** Silences notifications; recording goes on. */
  cameraCommand("snooze", { args: Schema.Struct({ minutes: Minutes }) }),
  cameraCommand("unsnooze", {}),
  cameraCommand("temperatureAlert", { args: Schema.Struct({ on: Schema.Boolean }) }),
  /** Degrees Fahrenheit, as the cloud keeps them. */
  cameraCommand("calibrateTemperature", {
    args: Schema.Struct({ current: Schema.Finite, minimum: Schema.Finite, maximum: Schema.Finite }),
  }),
]).pipe(Schema.toTaggedUnion("name"))
export type Command = typeof Command.Type
