import type { AccountId, NetworkId } from "@blink-streams/model"
import { Effect } from "effect"
import { legacy } from "../endpoints/catalog.ts"
import { AuthorizedClient } from "../http/AuthorizedClient.ts"
import { makeLegacyConverter } from "../toModel/legacySnapshot.ts"

/** Source of snapshots in the legacy API: the list of networks and two lists per network. */
export const makeLegacySource = Effect.gen(function* () {
  const { send } = yield* AuthorizedClient

  const fetchNetwork = Effect.fnUntraced(function* ({ id: network }: { readonly id: NetworkId }) {
    const cameras = (yield* send(legacy.cameras, { network })).value
    // Without a sync module the response is empty or 404.
    const syncModules = yield* send(legacy.syncModules, { network }).pipe(
      Effect.map(({ value }) => value),
      Effect.catchIf(
        ({ category }) => category === "not_found" || category === "not_supported",
        () => Effect.succeed({}),
      ),
    )
    return { cameras, syncModules }
  })

  const toSnapshotData = makeLegacyConverter()
  return Effect.fnUntraced(function* (account: AccountId) {
    const networks = (yield* send(legacy.networks, {})).value
    const details = yield* Effect.forEach(networks.networks, fetchNetwork)
    return toSnapshotData(networks, details, account)
  })
})
