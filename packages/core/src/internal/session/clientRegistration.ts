import { Effect, Redacted } from "effect"
import type { AuthContext } from "../../AuthContext.ts"
import { BlinkConfig, type CloudSettings } from "../../BlinkConfig.ts"
import { blinkError } from "../../BlinkError.ts"
import { InvalidPin } from "../../Reason.ts"
import { decodeResponse } from "../decode/decodeResponse.ts"
import { account, legacyAccount } from "../endpoints/account.ts"
import { ensureSuccess } from "../http/ensureSuccess.ts"
import { jsonBody } from "../http/responseError.ts"
import { type HttpRequest, Transport } from "../http/Transport.ts"
import { signInThrottleWait } from "../rateLimit/retryPolicy.ts"
import { PinResponse, UserInfo } from "../wire/account.ts"
import { authorizationHeader } from "./authorization.ts"

// Registration of this client with the account. The cloud may require a verification code before any other request.

const registrationRequest = (
  { jsonTimeout }: CloudSettings,
  context: AuthContext,
  operation: string,
  method: "GET" | "POST",
  path: string,
): HttpRequest => ({
  operation,
  method,
  url:
    context.baseUrl +
    path
      .replace("{account}", String(context.accountId))
      .replace("{registration}", String(context.registrationId ?? 0)),
  headers: authorizationHeader(context),
  timeout: jsonTimeout,
})

const isRejected = Effect.fnUntraced(function* (context: AuthContext) {
  const settings = yield* BlinkConfig
  const transport = yield* Transport
  return yield* transport
    .send(registrationRequest(settings, context, "check the session", "GET", account.user.path))
    .pipe(
      Effect.as(false),
      Effect.catchReason("BlinkError", "SessionExpired", () => Effect.succeed(true)),
    )
})

/**
 * Fetches the registration; `channel` is the way in which a code is sent. The flag alone does not require a
 * code: the cloud must reject the client as well.
 */
export const fetchRegistration = Effect.fnUntraced(function* (context: AuthContext) {
  const operation = "fetch the client registration"
  const settings = yield* BlinkConfig
  const transport = yield* Transport
  const response = yield* transport.send(
    registrationRequest(settings, context, operation, "GET", account.userInfo.path),
  )
  const { value } = yield* decodeResponse(operation, UserInfo, response)
  return {
    id: value.client_id ?? null,
    needsPin: value.client_verification_required === true && (yield* isRejected(context)),
    channel: value.verification_channel ?? "email",
  }
})

/** Sends a code. Returns the seconds until another one may be requested. */
export const sendPin = Effect.fnUntraced(function* (context: AuthContext) {
  const operation = "send a code"
  const settings = yield* BlinkConfig
  const transport = yield* Transport
  const response = yield* transport.execute(
    registrationRequest(settings, context, operation, "POST", account.resendPin.path),
  )
  yield* ensureSuccess(operation, response, signInThrottleWait)
  const { value } = yield* decodeResponse(operation, PinResponse, response)
  return value.allow_pin_resend_seconds ?? 60
})

/** Verifies the code at the account's own tier, the only one that knows it. */
export const verifyRegistrationPin = Effect.fnUntraced(function* (
  context: AuthContext,
  pin: Redacted.Redacted,
) {
  const operation = "verify code"
  const settings = yield* BlinkConfig
  const transport = yield* Transport
  const trimmedPin = Redacted.value(pin).trim()
  const isLegacy = context.dialect === "legacy"
  const { path } = isLegacy ? legacyAccount.verifyPin : account.verifyPin
  const response = yield* transport.execute({
    ...registrationRequest(settings, context, operation, "POST", path),
    json: isLegacy ? { pin: trimmedPin } : { pin: trimmedPin, trusted: true },
  })
  const body = jsonBody(response)
  if (body?.["code"] === 1621) {
    return yield* blinkError(operation, new InvalidPin({ restart: body["require_new_pin"] === true }), "yes")
  }
  yield* ensureSuccess(operation, response, signInThrottleWait)
  const { value } = yield* decodeResponse(operation, PinResponse, response)
  return value.valid === false
    ? yield* blinkError(operation, new InvalidPin({ restart: value.require_new_pin ?? false }), "yes")
    : value
})
