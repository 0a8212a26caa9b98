import { AccountId } from "@blink-streams/model"
import { Duration, Effect, Redacted } from "effect"
import { BlinkConfig } from "../../../BlinkConfig.ts"
import { blinkError } from "../../../BlinkError.ts"
import { LoginResponse } from "../../wire/account.ts"
import { decodeResponse } from "../../decode/decodeResponse.ts"
import { jsonBody } from "../../http/responseError.ts"
import { signInThrottleWait } from "../../rateLimit/retryPolicy.ts"
import { ensureSuccess } from "../../http/ensureSuccess.ts"
import { Transport } from "../../http/Transport.ts"
import { InvalidCredentials, Throttled, UnexpectedResponse, VerificationRequired } from "../../../Reason.ts"
import type { Credentials } from "../../../AuthContext.ts"
import { baseUrl, validateTier } from "../tier.ts"

interface LegacyToken {
  readonly token: Redacted.Redacted
  readonly accountId: AccountId
  readonly tier: string
  readonly registrationId: number | null
}

interface LoginOutcome {
  readonly grant: LegacyToken
  /** Delivery channel of the code; `null` when no code is required. */
  readonly channel: string | null
  readonly resendSeconds: number
}

/**
 * Tier of a login response in its different versions: `account.tier`, `region.tier`, or the only key of
 * `region`.
 */
const tierOf = ({ account, region }: LoginResponse, fallback: string): string => {
  if (account?.tier) return account.tier
  const named = region?.["tier"]
  if (typeof named === "string") return named
  return (region && Object.keys(region)[0]) ?? fallback
}

/** Sign-in of the legacy API. Its tokens are valid for one day and cannot be renewed. */
export const legacyLogin = Effect.fnUntraced(function* (
  { email, password }: Credentials,
  hardwareId: string,
) {
  const settings = yield* BlinkConfig
  const transport = yield* Transport
  const operation = "sign in"
  const response = yield* transport.execute({
    operation,
    method: "POST",
    url: `${baseUrl(settings, settings.bootstrapTier)}/login`,
    form: {
      email,
      password: Redacted.value(password),
      client_specifier: `blink-streams | ${hardwareId}`,
      unique_id: hardwareId,
    },
    timeout: settings.jsonTimeout,
  })
  const body = jsonBody(response)
  if (response.status === 401 || (body?.["code"] === 200 && response.status >= 400)) {
    return yield* blinkError(operation, new InvalidCredentials({}), "yes")
  }
  yield* ensureSuccess(operation, response, signInThrottleWait)
  const { value } = yield* decodeResponse(operation, LoginResponse, response)
  const { account, lockout_time_remaining: lockout } = value
  if (lockout) {
    return yield* blinkError(operation, new Throttled({ retryAfter: Duration.seconds(lockout) }), "yes")
  }
  if (value.force_password_reset) {
    return yield* blinkError(operation, new VerificationRequired({ detail: "set a new password" }), "yes")
  }
  const token = value.auth?.token ?? value.authtoken?.authtoken
  const accountId = account?.account_id ?? account?.id
  if (!token || !accountId) {
    return yield* blinkError(
      operation,
      new UnexpectedResponse({ status: response.status, detail: "the response has no token or account" }),
      "yes",
    )
  }
  const needsPin = account?.client_verification_required ?? value.client?.verification_required ?? false
  return {
    grant: {
      token: Redacted.make(token),
      accountId: AccountId.make(accountId),
      tier: yield* validateTier(operation, tierOf(value, settings.bootstrapTier)),
      registrationId: account?.client_id ?? value.client?.id ?? null,
    },
    channel: needsPin ? (account?.verification_channel ?? "email") : null,
    resendSeconds: value.allow_pin_resend_seconds ?? 60,
  } satisfies LoginOutcome
})
