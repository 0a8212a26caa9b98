import type { AccountMonitors } from "@blink-streams/events"
import { AccountId, CameraId, CameraKind } from "@blink-streams/model"
import { Effect, Option, Schema, Sink, Stream, SubscriptionRef } from "effect"
import { HttpRouter, HttpServerResponse } from "effect/http"
import { mayCommand } from "../../Permissions.ts"
import { makeCorrelationId } from "../errors/correlationId.ts"
import { problem, problemResponse } from "../errors/Problem.ts"
import { toProtocolError } from "../errors/toProtocolError.ts"
import type { Authorize } from "./authorize.ts"

const PathParams = Schema.Struct({
  account: Schema.FiniteFromString.pipe(Schema.decodeTo(AccountId)),
  kind: CameraKind,
  camera: Schema.FiniteFromString.pipe(Schema.decodeTo(CameraId)),
})

/**
 * `GET /v1/live/:account/:kind/:camera`: live view as MPEG-TS. Requires the scope `control`, because it wakes the
 * camera. The live session in the cloud ends when the client disconnects.
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
        return yield* problem("not_found", "no such camera")
      return yield* Stream.peel(
        monitor.watch({ network: target.network, kind, camera }),
        Sink.head<Uint8Array>(),
      ).pipe(
        // The response starts with the first data, so that earlier failures get a status of their own.
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
