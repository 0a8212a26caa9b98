import type { AccountMonitors } from "@blink-streams/events"
import { AccountId, CameraId, CameraKind } from "@blink-streams/model"
import { Effect, Option, Schema, Sink, Stream, SubscriptionRef } from "effect"
import { HttpRouter, HttpServerResponse } from "effect/http"
import { makeCorrelationId } from "../commands/CommandService.ts"
import { mayCommand } from "../../Permissions.ts"
import { toProtocolError } from "../errors/toProtocolError.ts"
import type { Authorize } from "./authorize.ts"
import { problem, problemResponse } from "./Problem.ts"

const PathParams = Schema.Struct({
  account: Schema.FiniteFromString.pipe(Schema.decodeTo(AccountId)),
  kind: CameraKind,
  camera: Schema.FiniteFromString.pipe(Schema.decodeTo(CameraId)),
})

/**
 * A camera's picture as it is now, as MPEG-TS. It takes the scope `control`, because it wakes the camera. The session at
 * the cloud is the request's: it ends when the reader goes away.
 */
export const liveViewRoute = (monitors: AccountMonitors["Service"], authorize: Authorize) =>
  HttpRouter.route(
    "GET",
    "/v1/live/:account/:kind/:camera",
    Effect.gen(function* () {
      const { permissions } = yield* authorize("control")
      const { account, kind, camera } = yield* HttpRouter.schemaPathParams(PathParams)
      const monitor = (yield* SubscriptionRef.get(monitors.monitors)).get(account)
      const cameras = monitor === undefined ? [] : (yield* SubscriptionRef.get(monitor.state)).cameras
      const network = cameras.find((known) => known.id === camera && known.kind === kind)?.networkId
      const target = network === undefined ? null : { account, network, camera: { kind, id: camera } }
      if (monitor === undefined || target === null || !mayCommand(permissions, target))
        return yield* problem("not_found", "there is no such camera here")
      return yield* Stream.peel(
        monitor.watch({ network: target.network, kind, camera }),
        Sink.head<Uint8Array>(),
      ).pipe(
        // The answer begins with the first picture: until then what goes wrong still has a status of its own.
        Effect.map(([first, rest]) =>
          HttpServerResponse.stream(Stream.concat(Stream.fromIterable(Option.toArray(first)), rest), {
            contentType: "video/mp2t",
            headers: { "cache-control": "no-store", "x-accel-buffering": "no" },
          }),
        ),
        Effect.catchTag("BlinkError", (error) =>
          Effect.map(makeCorrelationId, (correlationId) =>
            problemResponse(toProtocolError(error, correlationId)),
          ),
        ),
      )
    }),
  )
