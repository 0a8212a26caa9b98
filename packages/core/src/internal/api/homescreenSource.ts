import type { AccountId } from "@blink-streams/model"
import { Effect } from "effect"
import { oauth } from "../endpoints/catalog.ts"
import { AuthorizedClient } from "../http/AuthorizedClient.ts"
import { makeSnapshotConverter } from "../toModel/toSnapshot.ts"
import { makeTemperatureUnit } from "./temperatureUnit.ts"

/** Source of snapshots in today's API: one homescreen for the whole account. */
export const makeHomescreenSource = Effect.gen(function* () {
  const { send } = yield* AuthorizedClient
  const temperatureUnit = yield* makeTemperatureUnit
  const toSnapshotData = makeSnapshotConverter()

  return Effect.fnUntraced(function* (account: AccountId) {
    const { value } = yield* send(oauth.homescreen, {})
    return toSnapshotData(value, account, yield* temperatureUnit.read)
  })
})
