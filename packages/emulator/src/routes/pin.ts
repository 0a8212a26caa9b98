import { type Answer, json } from "../http/Answer.ts"
import { field, fields } from "../http/Ask.ts"
import type { Asked } from "../http/Route.ts"

const triesAllowed = 5

/** After five wrong ones only a new PIN helps. */
export const verifyPin = (ask: Asked): Answer => {
  const { registration } = ask.session
  if (registration.pinTries >= triesAllowed || field(fields(ask), "pin") !== ask.account.pin) {
    registration.pinTries += 1
    const exhausted = registration.pinTries >= triesAllowed
    return json({ valid: false, require_new_pin: exhausted, message: "Invalid PIN", code: 1621 }, 400)
  }
  registration.verified = true
  registration.pinTries = 0
  return json({
    valid: true,
    require_new_pin: false,
    message: "Client has been successfully verified",
    code: 1626,
  })
}

export const pinSent = (ask: Asked): Answer => {
  ask.session.registration.pinTries = 0
  return json({ message: "Verification Email Sent", code: 211, allow_pin_resend_seconds: 90 })
}
