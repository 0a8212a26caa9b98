import { Effect, Redacted } from "effect"
import type { CloudSettings } from "../../BlinkConfig.ts"
import { blinkError } from "../../BlinkError.ts"
import { account, legacyAccount } from "../endpoints/account.ts"
import { PinResponse, UserInfo } from "../wire/account.ts"
import { authorizationHeader } from "./authorization.ts"
import { decodeResponse } from "../http/decodeResponse.ts"
import { jsonBody } from "../http/responseError.ts"
import { signInThrottleWait } from "../rateLimit/retryPolicy.ts"
import type { Transport } from "../http/transport.ts"
import { InvalidPin } from "../../Reason.ts"
import type { AuthContext } from "../../AuthContext.ts"

/**
 * Registration of this client with the account. The cloud may require a verification code before any other
 * request.
 */
export const makeClientRegistration = (settings: CloudSettings, transport: Transport) => {
  const toHttpRequest = (context: AuthContext, operation: string, method: "GET" | "POST", path: string) => ({
    operation,
    method,
    url:
      context.baseUrl +
      path
        .replace("{account}", String(context.accountId))
        .replace("{registration}", String(context.registrationId ?? 0)),
    headers: authorizationHeader(context),
    timeout: settings.jsonTimeout,
  })

  const isRejected = (context: AuthContext) =>
    transport.send(toHttpRequest(context, "check the session", "GET", account.user.path)).pipe(
      Effect.as(false),
      Effect.catchReason("BlinkError", "SessionExpired", () => Effect.succeed(true)),
    )

  /**
   * Fetches the registration; `channel` is the way in which a code is sent. The flag alone does not require a
   * code: the cloud must reject the client as well.
   */
  const info = Effect.fnUntraced(function* (context: AuthContext) {
    const operation = "fetch the client registration"
    const response = yield* transport.send(toHttpRequest(context, operation, "GET", account.userInfo.path))
    const { value } = yield* decodeResponse(operation, UserInfo, response)
    return {
      id: value.client_id ?? null,
      needsPin: value.client_verification_required === true && (yield* isRejected(context)),
      channel: value.verification_channel ?? "email",
    }
  })

  /** Sends a code. Returns the seconds until another one may be requested. */
  const sendPin = Effect.fnUntraced(function* (context: AuthContext) {
    const operation = "send a code"
    const response = yield* transport.execute(
      toHttpRequest(context, operation, "POST", account.resendPin.path),
    )
    yield* transport.ensureSuccess(operation, response, signInThrottleWait)
    const { value } = yield* decodeResponse(operation, PinResponse, response)
    return value.allow_pin_resend_seconds ?? 60
  })

  /** Verifies the code at the account's own tier, the only one that knows it. */
  const verifyPin = Effect.fnUntraced(function* (context: AuthContext, pin: Redacted.Redacted) {
    const operation = "verify code"
    const trimmedPin = Redacted.value(pin).trim()
    const isLegacy = context.dialect === "legacy"
    const { path } = isLegacy ? legacyAccount.verifyPin : account.verifyPin
    const response = yield* transport.execute({
      ...toHttpRequest(context, operation, "POST", path),
      json: isLegacy ? { pin: trimmedPin } : { pin: trimmedPin, trusted: true },
    })
    const body = jsonBody(response)
    if (body?.["code"] === 1621) {
      return yield* blinkError(
        operation,
        new InvalidPin({ restart: body["require_new_pin"] === true }),
        "yes",
      )
    }
    yield* transport.ensureSuccess(operation, response, signInThrottleWait)
    const { value } = yield* decodeResponse(operation, PinResponse, response)
    return value.valid === false
      ? yield* blinkError(operation, new InvalidPin({ restart: value.require_new_pin ?? false }), "yes")
      : value
  })

  return { info, sendPin, verifyPin }
}

export type ClientRegistration = ReturnType<typeof makeClientRegistration>
