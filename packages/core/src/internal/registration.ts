import { Effect, Redacted } from "effect"
import type { Settings } from "../BlinkConfig.ts"
import { blinkError, WrongPin } from "../BlinkError.ts"
import { account, legacyAccount } from "../endpoints/account.ts"
import type { Grant } from "../Session.ts"
import { PinAnswer, UserInfo } from "../wire/account.ts"
import { authorization } from "./authorization.ts"
import { readAnswer } from "./readAnswer.ts"
import { jsonBody, signInThrottleWait } from "./refusal.ts"
import type { Transport } from "./transport.ts"

/** This install as the account lists it. The cloud may want it verified by a code before anything else works. */
export const makeRegistration = (settings: Settings, transport: Transport) => {
  const outgoing = (grant: Grant, operation: string, method: "GET" | "POST", path: string) => ({
    operation,
    method,
    url:
      grant.baseUrl +
      path
        .replace("{account}", String(grant.accountId))
        .replace("{registration}", String(grant.registrationId ?? 0)),
    headers: authorization(grant),
    timeout: settings.jsonTimeout,
  })

  const isTurnedAway = (grant: Grant) =>
    transport.send(outgoing(grant, "try the session", "GET", account.user.path)).pipe(
      Effect.as(false),
      Effect.catchReason("BlinkError", "SessionLost", () => Effect.succeed(true)),
    )

  /**
   * What the cloud tells of it; `channel` is how a code would be sent. Nobody is asked for a code because of a flag alone:
   * the cloud must turn the install away as well.
   */
  const info = Effect.fnUntraced(function* (grant: Grant) {
    const operation = "find the registration"
    const reply = yield* transport.send(outgoing(grant, operation, "GET", account.userInfo.path))
    const { value } = yield* readAnswer(operation, UserInfo, reply)
    return {
      id: value.client_id ?? null,
      needsCode: value.client_verification_required === true && (yield* isTurnedAway(grant)),
      channel: value.verification_channel ?? "email",
    }
  })

  /** Has a code sent. Gives the seconds until another one may be asked for. */
  const sendCode = Effect.fnUntraced(function* (grant: Grant) {
    const operation = "send a code"
    const reply = yield* transport.exchange(outgoing(grant, operation, "POST", account.resendPin.path))
    yield* transport.accept(operation, reply, signInThrottleWait)
    const { value } = yield* readAnswer(operation, PinAnswer, reply)
    return value.allow_pin_resend_seconds ?? 60
  })

  /** At the account's own tier: the one that took a password does not know the code. */
  const verify = Effect.fnUntraced(function* (grant: Grant, code: Redacted.Redacted) {
    const operation = "verify code"
    const pin = Redacted.value(code).trim()
    const isLegacy = grant.dialect === "legacy"
    const { path } = isLegacy ? legacyAccount.verifyPin : account.verifyPin
    const reply = yield* transport.exchange({
      ...outgoing(grant, operation, "POST", path),
      json: isLegacy ? { pin } : { pin, trusted: true },
    })
    const body = jsonBody(reply)
    if (body?.["code"] === 1621) {
      return yield* blinkError(operation, new WrongPin({ restart: body["require_new_pin"] === true }))
    }
    yield* transport.accept(operation, reply, signInThrottleWait)
    const { value } = yield* readAnswer(operation, PinAnswer, reply)
    return value.valid === false
      ? yield* blinkError(operation, new WrongPin({ restart: value.require_new_pin ?? false }))
      : value
  })

  return { info, sendCode, verify }
}

export type Registration = ReturnType<typeof makeRegistration>
