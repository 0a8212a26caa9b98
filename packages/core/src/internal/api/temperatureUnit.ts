import { Clock, Effect, Option } from "effect"
import { oauth } from "../endpoints/catalog.ts"
import { AuthorizedClient } from "../http/AuthorizedClient.ts"
import { unitRetryInterval } from "../rateLimit/retryPolicy.ts"
import type { TemperatureUnit } from "../toModel/temperature.ts"

/** The account's temperature unit, which `read` fetches once; `null` while it is unknown. */
export const makeTemperatureUnit = Effect.gen(function* () {
  const { send } = yield* AuthorizedClient
  let unit: TemperatureUnit | null = null
  let retryAt = 0

  const read = Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    if (unit !== null || now < retryAt) return unit
    retryAt = now + unitRetryInterval
    // Without the unit, temperatures are converted by assumption; the snapshot must not fail.
    const user = yield* Effect.option(send(oauth.user, {}))
    const code = Option.isSome(user) ? user.value.value.temp_units : null
    if (code === "c" || code === "C") unit = "celsius"
    if (code === "f" || code === "F") unit = "fahrenheit"
    return unit
  })
  return { read }
})
