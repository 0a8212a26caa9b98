import { AccountMonitors } from "@blink-streams/events"
import { Effect } from "effect"
import { HttpServerResponse } from "effect/http"
import { snapshotMessage } from "../views/httpMessages.ts"
import { RequestToken, route } from "./route.ts"

/** Responds with a snapshot of the accounts that the token may see. */
const getState = Effect.gen(function* () {
  const { permissions } = yield* RequestToken
  const { log } = yield* AccountMonitors
  const snapshot = yield* snapshotMessage(permissions, yield* Effect.orDie(log.snapshot))
  return HttpServerResponse.jsonUnsafe(snapshot, { headers: { "cache-control": "no-store" } })
})

export const stateRoute = route("GET /v1/state", getState)
