import { ByteSize, Cause, Effect, Layer } from "effect"
import { HttpIncomingMessage, HttpRouter, HttpServerResponse, HttpStaticServer } from "effect/http"
import { ServerConfig } from "../ServerConfig.ts"
import { commandRoute } from "./commandRoute.ts"
import { eventRoute } from "./events/eventRoute.ts"
import { failureResponse } from "../errors/failureResponse.ts"
import { liveViewRoute } from "./liveViewRoute.ts"
import { mediaRoute } from "./mediaRoute.ts"
import { operationsRoutes } from "./operationsRoutes.ts"
import { route } from "./route.ts"
import { schemaRoutes } from "./schemaRoutes.ts"
import { stateRoute } from "./stateRoute.ts"
import { tokenRoutes } from "./tokenRoutes.ts"

/** Security headers: no external resources, no framing, no referrer. */
const pageHeaders = {
  "content-security-policy":
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
}

const textPage = HttpRouter.addAll([
  route(
    "GET /",
    Effect.succeed(
      HttpServerResponse.text("blink-streams: connect a websocket here, sub-protocol blink-streams.v1\n"),
    ),
  ),
])

const staticPage = (root: string) => HttpStaticServer.layer({ root, cacheControl: "no-cache" })

type PageLayer = Layer.Layer<
  never,
  Layer.Error<ReturnType<typeof staticPage>>,
  Layer.Services<typeof textPage> | Layer.Services<ReturnType<typeof staticPage>>
>

/** The web page, or a line of text without one. */
const page = Layer.unwrap(
  ServerConfig.useSync(({ staticDir }): PageLayer =>
    staticDir === undefined ? textPage : staticPage(staticDir),
  ),
)

/** All routes and the web page. */
export const httpRoutes = Layer.merge(
  HttpRouter.addAll([
    stateRoute,
    eventRoute,
    commandRoute,
    liveViewRoute,
    mediaRoute,
    ...tokenRoutes,
    ...operationsRoutes,
    ...schemaRoutes,
  ]),
  page,
)

const router = HttpRouter.toHttpEffect(httpRoutes).pipe(
  // A media URL holds a whole path of the cloud in one segment; the router's default limit is 100 characters.
  Effect.provideService(HttpRouter.RouterConfig, { maxParamLength: 2_048 }),
)

/** Makes the HTTP application. Failures become error objects of the protocol. */
export const makeHttpApp = ServerConfig.use(({ limits }) =>
  Effect.map(router, (app) =>
    app.pipe(
      Effect.catchCauseIf((cause) => !Cause.hasInterruptsOnly(cause), failureResponse),
      Effect.map((response) =>
        HttpServerResponse.setHeaders(response, { ...pageHeaders, ...response.headers }),
      ),
      // Bodies have the same size limit as websocket messages, with or without a token.
      Effect.provideService(HttpIncomingMessage.MaxBodySize, ByteSize.bytes(limits.maxMessageBytes)),
    ),
  ),
)
