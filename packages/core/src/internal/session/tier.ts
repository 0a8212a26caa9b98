import type { AccountId } from "@blink-streams/model"
import { Effect, Redacted } from "effect"
import { BlinkConfig, type CloudSettings } from "../../BlinkConfig.ts"
import { blinkError } from "../../BlinkError.ts"
import { UnexpectedResponse } from "../../Reason.ts"
import { decodeResponse } from "../decode/decodeResponse.ts"
import { Transport } from "../http/Transport.ts"
import { TierInfo } from "../wire/account.ts"

/** Fetches the account and tier of a token. */
export const fetchTier = Effect.fnUntraced(function* (token: Redacted.Redacted) {
  const settings = yield* BlinkConfig
  const transport = yield* Transport
  const operation = "fetch the account's tier"
  const response = yield* transport.send({
    operation,
    method: "GET",
    url: `${baseUrl(settings, settings.bootstrapTier)}/api/v1/users/tier_info`,
    headers: { authorization: `Bearer ${Redacted.value(token)}` },
    timeout: settings.jsonTimeout,
  })
  const { value } = yield* decodeResponse(operation, TierInfo, response)
  const accountId: AccountId = value.account_id
  const tier = yield* validateTier(operation, value.tier)
  return { accountId, tier }
})

/** Accepts four letters or digits only: the tier becomes part of a host name. */
export const validateTier = (operation: string, tier: string) =>
  /^[A-Za-z0-9]{4}$/.test(tier)
    ? Effect.succeed(tier)
    : Effect.fail(
        blinkError(operation, new UnexpectedResponse({ status: 200, detail: "invalid tier" }), "yes"),
      )

/** Base address of a tier without a trailing slash. */
export const baseUrl = (settings: CloudSettings, tier: string): string =>
  settings.apiUrl.replace("{tier}", tier).replace(/\/+$/, "")
