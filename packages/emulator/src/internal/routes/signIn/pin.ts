import { type HttpResponse, json } from "../../http/HttpResponse.ts"
import { textField, bodyFields } from "../../http/RouteRequest.ts"
import type { AccountRequest } from "../../http/Route.ts"

const maxPinAttempts = 5

/** Accepts the PIN. After five wrong ones the client must request a new PIN. */
export const verifyPin = (request: AccountRequest): HttpResponse => {
  const { registration } = request.session
  if (
    registration.failedPinAttempts >= maxPinAttempts ||
    textField(bodyFields(request), "pin") !== request.account.pin
  ) {
    registration.failedPinAttempts += 1
    const exhausted = registration.failedPinAttempts >= maxPinAttempts
    return json({ valid: false, require_new_pin: exhausted, message: "Invalid PIN", code: 1621 }, 400)
  }
  registration.verified = true
  registration.failedPinAttempts = 0
  return json({
    valid: true,
    require_new_pin: false,
    message: "Client has been successfully verified",
    code: 1626,
  })
}

export const resendPin = (request: AccountRequest): HttpResponse => {
  request.session.registration.failedPinAttempts = 0
  return json({ message: "Verification Email Sent", code: 211, allow_pin_resend_seconds: 90 })
}
