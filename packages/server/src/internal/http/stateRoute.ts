import type { AccountMonitors } from "@blink-streams/events"
import { Effect } from "effect"
import { HttpRouter, HttpServerResponse } from "effect/http"
import type { MediaUrlSigner } from "../media/MediaUrlSigner.ts"
import { snapshotMessage } from "../views/httpMessages.ts"
import type { Authorize } from "./authorize.ts"

/** `GET /v1/state`: a snapshot of the accounts that the token may see. */
export const stateRoute = (options: {
  readonly monitors: AccountMonitors["Service"]
  readonly mediaUrls: MediaUrlSigner
  readonly authorize: Authorize
}) => {
  const { monitors, authorize } = options
  const getState = Effect.gen(function* () {
    const { permissions } = yield* authorize("read")
    const snapshot = yield* snapshotMessage(options, permissions, yield* Effect.orDie(monitors.log.snapshot))
    return HttpServerResponse.jsonUnsafe(snapshot, { headers: { "cache-control": "no-store" } })
  })

  return HttpRouter.route("GET", "/v1/state", getState)
}
