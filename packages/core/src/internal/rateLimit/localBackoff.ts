import { Duration } from "effect"
import { type BlinkError, blinkError } from "../../BlinkError.ts"
import type { Reason } from "../../Reason.ts"

/** Error of the request budget: nothing was sent, so nothing has failed. */
export const localBackoff = (reason: Reason): BlinkError => blinkError("wait", reason, "no")

/** True when nothing was sent and the end of the wait is known. */
export const isLocalBackoff = ({ sent, retryAfter }: BlinkError): boolean =>
  sent === "no" && !Duration.isZero(retryAfter)
