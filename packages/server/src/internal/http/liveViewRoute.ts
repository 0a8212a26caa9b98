import { AccountMonitors } from "@blink-streams/events"
import { AccountId, CameraId, CameraKind } from "@blink-streams/model"
import { Effect, Option, Schema, Sink, Stream, SubscriptionRef } from "effect"
import { HttpRouter, HttpServerResponse } from "effect/http"
import { mayCommand } from "../../Permissions.ts"
import { makeCorrelationId } from "../errors/correlationId.ts"
import { problem, problemResponse } from "../errors/Problem.ts"
import { toProtocolError } from "../errors/toProtocolError.ts"
import { RequestToken, route } from "./route.ts"

const PathParams = Schema.Struct({
  account: Schema.FiniteFromString.pipe(Schema.decodeTo(AccountId)),
  kind: CameraKind,
  camera: Schema.FiniteFromString.pipe(Schema.decodeTo(CameraId)),
})

/** Finds the camera of the path. Fails with `not_found`, also when the token may not command it. */
const findCamera = Effect.gen(function* () {
  const { permissions } = yield* RequestToken
  const { monitors } = yield* AccountMonitors
  const { account, kind, camera } = yield* HttpRouter.schemaPathParams(PathParams)
  const monitor = (yield* SubscriptionRef.get(monitors)).get(account)
  const cameras = monitor === undefined ? [] : (yield* SubscriptionRef.get(monitor.state)).cameras
  const network = cameras.find((known) => known.id === camera && known.kind === kind)?.networkId
  const target = network === undefined ? null : { account, network, camera: { kind, id: camera } }
  if (monitor === undefined || target === null || !mayCommand(permissions, target))
    return yield* problem("not_found", "no such camera")
  return { monitor, network: target.network, kind, camera }
})

/** Responds with MPEG-TS. The live session in the cloud ends when the client disconnects. */
const getLiveView = Effect.gen(function* () {
  const { monitor, ...target } = yield* findCamera
  // The response starts with the first data, so that earlier failures get a status of their own.
  const [first, rest] = yield* Stream.peel(monitor.watch(target), Sink.head<Uint8Array>())
  return HttpServerResponse.stream(Stream.concat(Stream.fromIterable(Option.toArray(first)), rest), {
    contentType: "video/mp2t",
    headers: { "cache-control": "no-store", "x-accel-buffering": "no" },
  })
}).pipe(
  Effect.catchTag("BlinkError", (error) =>
    Effect.map(makeCorrelationId, (correlationId) => problemResponse(toProtocolError(error, correlationId))),
  ),
)

export const liveViewRoute = route("GET /v1/live/{account}/{kind}/{camera}", getLiveView)
