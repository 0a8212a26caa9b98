import { type BlinkError, blinkError } from "../../BlinkError.ts"
import type { Reason } from "../../Reason.ts"

const operation = "wait"

/** Error of the request budget: nothing was sent, so nothing has failed. */
export const localBackoff = (reason: Reason): BlinkError => blinkError(operation, reason)

export const isLocalBackoff = (error: BlinkError): boolean => error.operation === operation
