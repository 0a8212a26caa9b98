import { Effect, Redacted } from "effect"
import type { Credentials } from "../../../AuthContext.ts"
import { BlinkConfig } from "../../../BlinkConfig.ts"
import { blinkError } from "../../../BlinkError.ts"
import { InvalidCredentials, Rejected } from "../../../Reason.ts"
import { decodeResponse } from "../../decode/decodeResponse.ts"
import { signIn } from "../../endpoints/signIn.ts"
import { ensureSuccess } from "../../http/ensureSuccess.ts"
import { jsonBody } from "../../http/responseError.ts"
import { Transport } from "../../http/Transport.ts"
import { signInThrottleWait } from "../../rateLimit/retryPolicy.ts"
import { CodeSent } from "../../wire/signIn.ts"
import { formRequest, isRedirect } from "./pageRequest.ts"
import { type SignInFlow, withCookies } from "./signInFlow.ts"

/** Result of submitting the password. */
type PasswordOutcome =
  | { readonly step: "done"; readonly flow: SignInFlow }
  | {
      readonly step: "pin"
      readonly flow: SignInFlow
      readonly channel: string
      readonly resendSeconds: number
    }

const operation = "sign in"

/**
 * Submits the password. The body decides, because the status of the response that asks for a code has changed
 * before.
 */
export const submitPassword = Effect.fnUntraced(function* (
  flow: SignInFlow,
  { email, password }: Credentials,
) {
  const settings = yield* BlinkConfig
  const transport = yield* Transport
  const response = yield* transport.execute(
    formRequest(settings, operation, signIn.page, flow, {
      username: email,
      password: Redacted.value(password),
    }),
  )
  const body = jsonBody(response)
  const next: SignInFlow = { ...flow, cookies: withCookies(flow.cookies, response) }
  if (body !== null && ("tsv_state" in body || "tsv_methods" in body || "next_time_in_secs" in body)) {
    const { value } = yield* decodeResponse(operation, CodeSent, response)
    return {
      step: "pin",
      flow: next,
      channel: value.tsv_state ?? "sms",
      resendSeconds: value.next_time_in_secs ?? 60,
    } satisfies PasswordOutcome
  }
  if (isRedirect(response)) return { step: "done", flow: next } satisfies PasswordOutcome
  if (response.status === 401 || body?.["error"] === "access_denied")
    return yield* blinkError(operation, new InvalidCredentials({}), "yes")
  if (body !== null && (response.status === 403 || body["error_cause"] === "empty_cookies")) {
    const detail = "the sign-in page is out of date; start the sign-in again"
    return yield* blinkError(operation, new Rejected({ status: response.status, code: null, detail }), "yes")
  }
  yield* ensureSuccess(operation, response, signInThrottleWait)
  return { step: "done", flow: next } satisfies PasswordOutcome
})
