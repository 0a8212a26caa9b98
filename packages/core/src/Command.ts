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

/** Minutes without notifications. Free accounts allow 240 at most. */
const Minutes = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1439 }))

/** `force` sends an arm command without the poll that may find the state already there. */
const ArmArguments = Schema.Struct({ force: Schema.optionalKey(Schema.Boolean) })

/** Command for a network or camera. The kind of camera and the API decide which request is sent. */
export const Command = Schema.Union([
  /** Sends nothing when a poll shows that the network is armed already. */
  networkCommand("arm", { args: Schema.optionalKey(ArmArguments) }),
  networkCommand("disarm", { args: Schema.optionalKey(ArmArguments) }),
  /** Settings of a network (name, time zone and so on) by the cloud's field names. */
  networkCommand("configureNetwork", {
    args: Schema.Struct({ settings: Schema.Record(Schema.String, Schema.Json) }),
  }),
  /** Deletes a clip in the cloud, permanently. Clips on USB storage are deleted with `LocalStorage`. */
  networkCommand("deleteClip", { args: Schema.Struct({ clip: ClipId }) }),
  /** Lets the camera record motion while its network is armed. */
  cameraCommand("enable", {}),
  cameraCommand("disable", {}),
  /** Takes a new thumbnail. Wakes a battery camera. */
  cameraCommand("thumbnail", {}),
  /** Records a clip now. Wakes a battery camera. */
  cameraCommand("clip", {}),
  /** Requests current sensor values from the camera. */
  cameraCommand("refresh", {}),
  /** Settings of the camera by the cloud's field names (`motion_sensitivity`, `video_length`, and so on). */
  cameraCommand("configure", {
    args: Schema.Struct({ settings: Schema.Record(Schema.String, Schema.Json) }),
  }),
  /** `accessory` is the id of a floodlight mount; battery cameras require it. */
  cameraCommand("light", {
    args: Schema.Struct({ on: Schema.Boolean, accessory: Schema.optionalKey(Schema.Int) }),
  }),
  /** Mutes notifications. Recording continues. */
  cameraCommand("snooze", { args: Schema.Struct({ minutes: Minutes }) }),
  cameraCommand("unsnooze", {}),
  cameraCommand("temperatureAlert", { args: Schema.Struct({ on: Schema.Boolean }) }),
  /** Degrees Fahrenheit, as the cloud stores them. */
  cameraCommand("calibrateTemperature", {
    args: Schema.Struct({ current: Schema.Finite, minimum: Schema.Finite, maximum: Schema.Finite }),
  }),
]).pipe(Schema.toTaggedUnion("name"))
export type Command = typeof Command.Type
