import { AccountMonitors } from "@blink-streams/events"
import { Effect } from "effect"
import { HttpServerResponse } from "effect/http"
import { maySeeAccount } from "../../Permissions.ts"
import { snapshotMessage } from "../views/httpMessages.ts"
import { RequestToken, route } from "./route.ts"

/** Responds with a snapshot of the accounts that the token may see, and their readers. */
const getState = Effect.gen(function* () {
  const { permissions } = yield* RequestToken
  const { log } = yield* AccountMonitors
  const snapshot = yield* snapshotMessage(permissions, yield* Effect.orDie(log.snapshot))
  // Those over all accounts have the account 0, which no list includes.
  const readers = (yield* Effect.orDie(log.readers)).filter(({ account }) =>
    maySeeAccount(permissions, account),
  )
  return HttpServerResponse.jsonUnsafe({ ...snapshot, readers }, { headers: { "cache-control": "no-store" } })
})

export const stateRoute = route("GET /v1/state", getState)
