import { Effect, Redacted } from "effect"
import { BlinkConfig } from "../../../BlinkConfig.ts"
import { blinkError } from "../../../BlinkError.ts"
import { InvalidPin, UnexpectedResponse } from "../../../Reason.ts"
import { signIn } from "../../endpoints/signIn.ts"
import { ensureSuccess } from "../../http/ensureSuccess.ts"
import { jsonBody } from "../../http/responseError.ts"
import { Transport } from "../../http/Transport.ts"
import { signInThrottleWait } from "../../rateLimit/retryPolicy.ts"
import { formRequest } from "./pageRequest.ts"
import { type SignInFlow, withCookies } from "./signInFlow.ts"

const operation = "verify code"
const wrongCodeStatuses: ReadonlySet<number> = new Set([400, 401, 412])

/** Submits the code that the vendor sent. The flow stays usable after a wrong one. */
export const submitCode = Effect.fnUntraced(function* (flow: SignInFlow, code: Redacted.Redacted) {
  const settings = yield* BlinkConfig
  const transport = yield* Transport
  const response = yield* transport.execute(
    formRequest(settings, operation, signIn.code, flow, {
      "2fa_code": Redacted.value(code).trim(),
      remember_me: "true",
    }),
  )
  const { status } = response
  if (status === 200 || status === 201)
    return { ...flow, cookies: withCookies(flow.cookies, response) } satisfies SignInFlow
  const body = jsonBody(response)
  if (body?.["error_cause"] === "empty_cookies")
    return yield* blinkError(operation, new InvalidPin({ restart: true }), "yes")
  // A 403 without JSON comes from the CDN, which has not checked the code.
  if (wrongCodeStatuses.has(status) || (status === 403 && body !== null))
    return yield* blinkError(operation, new InvalidPin({ restart: false }), "yes")
  yield* ensureSuccess(operation, response, signInThrottleWait)
  return yield* blinkError(
    operation,
    new UnexpectedResponse({ status, detail: "neither accepted nor wrong" }),
    "yes",
  )
})
