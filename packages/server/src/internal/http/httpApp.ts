import { type ErrorCode, protocolError } from "@blink-streams/protocol"
import { ByteSize, Cause, Effect, Layer } from "effect"
import {
  HttpIncomingMessage,
  HttpRouter,
  HttpServerError,
  HttpServerResponse,
  HttpStaticServer,
} from "effect/http"
import { makeCorrelationId } from "../errors/correlationId.ts"
import { logProtocolError } from "../errors/logProtocolError.ts"
import { Problem, problemResponse } from "../errors/Problem.ts"
import { commandRoute } from "./commandRoute.ts"
import { eventRoute, type EventRouteOptions } from "./eventRoute.ts"
import { liveViewRoute } from "./liveViewRoute.ts"
import { mediaRoute } from "./mediaRoute.ts"
import { operationsRoutes } from "./operationsRoutes.ts"
import { schemaRoutes } from "./schemaRoutes.ts"
import { stateRoute } from "./stateRoute.ts"
import { tokenRoutes } from "./tokenRoutes.ts"

export type HttpAppOptions = EventRouteOptions &
  Parameters<typeof operationsRoutes>[0] &
  Parameters<typeof tokenRoutes>[0] & {
    /** Folder with the built web page, served at `/`. */
    readonly staticDir?: string
  }

/** Security headers: no external resources, no framing, no referrer. */
const pageHeaders = {
  "content-security-policy":
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
}

const failureResponse = (cause: Cause.Cause<unknown>) => {
  const error = Cause.squash(cause)
  if (error instanceof Problem) return Effect.succeed(problemResponse(error.error))
  const tag = typeof error === "object" && error !== null && "_tag" in error ? error._tag : null
  return Effect.gen(function* () {
    const correlationId = yield* makeCorrelationId
    const respond = (code: ErrorCode, message: string) => {
      const protocolFailure = protocolError(code, message, correlationId)
      return Effect.as(logProtocolError(protocolFailure), problemResponse(protocolFailure))
    }
    if (error instanceof HttpServerError.HttpServerError && error.reason._tag === "RouteNotFound")
      return yield* respond("not_found", "nothing at this path")
    if (tag === "SchemaError" || tag === "HttpServerError")
      return yield* respond("malformed", "the request is invalid")
    yield* Effect.logError("request failed", cause).pipe(Effect.annotateLogs({ correlationId }))
    return problemResponse(protocolError("internal", "internal server error", correlationId))
  })
}

/** Makes the HTTP application: all routes and the web page. Failures become error objects of the protocol. */
export const makeHttpApp = (options: HttpAppOptions) => {
  const routes = HttpRouter.addAll([
    stateRoute(options),
    eventRoute(options),
    commandRoute(options),
    ...tokenRoutes(options),
    ...operationsRoutes(options),
    ...schemaRoutes(),
    liveViewRoute(options.monitors, options.authorize),
    mediaRoute(options.monitors, options.mediaUrls, options.mediaCache),
  ])
  const page =
    options.staticDir === undefined
      ? HttpRouter.add(
          "GET",
          "/",
          HttpServerResponse.text("blink-streams: connect a websocket here, sub-protocol blink-streams.v1\n"),
        )
      : HttpStaticServer.layer({ root: options.staticDir, cacheControl: "no-cache" })
  // A media URL holds a whole path of the cloud in one segment; the router's default limit is 100 characters.
  const router = Effect.provideService(
    HttpRouter.toHttpEffect(Layer.merge(routes, page)),
    HttpRouter.RouterConfig,
    {
      maxParamLength: 2_048,
    },
  )
  return Effect.map(router, (app) =>
    app.pipe(
      Effect.catchCauseIf((cause) => !Cause.hasInterruptsOnly(cause), failureResponse),
      Effect.map((response) =>
        HttpServerResponse.setHeaders(response, { ...pageHeaders, ...response.headers }),
      ),
      // Bodies have the same size limit as websocket messages, with or without a token.
      Effect.provideService(HttpIncomingMessage.MaxBodySize, ByteSize.bytes(options.limits.maxMessageBytes)),
    ),
  )
}
