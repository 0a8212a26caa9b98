import { Effect, Redacted } from "effect"
import { BlinkConfig, hostedIdentity, type Identity } from "../../../BlinkConfig.ts"
import { type BlinkError, blinkError } from "../../../BlinkError.ts"
import { Rejected, SessionExpired } from "../../../Reason.ts"
import { decodeResponse } from "../../decode/decodeResponse.ts"
import { signIn } from "../../endpoints/signIn.ts"
import { ensureSuccess } from "../../http/ensureSuccess.ts"
import { jsonBody } from "../../http/responseError.ts"
import { Transport } from "../../http/Transport.ts"
import { signInThrottleWait } from "../../rateLimit/retryPolicy.ts"
import { TokenResponse } from "../../wire/signIn.ts"
import type { NewTokens } from "../grants.ts"
import { isRedirect, locationHeader, pageRequest, signInUrl } from "./pageRequest.ts"
import type { SignInFlow } from "./signInFlow.ts"

const finishOperation = "finish sign-in"

/** Code in the final address of the sign-in; `null` for any other address. */
const codeFrom = (address: string, { redirectUri }: Identity, state: string | null): string | null => {
  const trimmed = address.trim()
  const url = trimmed.startsWith(redirectUri) ? URL.parse(trimmed) : null
  return state === null || url?.searchParams.get("state") === state
    ? url?.searchParams.get("code") || null
    : null
}

const notFinalAddress = ({ redirectUri }: Identity, sent: BlinkError["sent"]) => {
  const detail = `not the final address of the sign-in (${redirectUri}?code=…)`
  return blinkError(finishOperation, new Rejected({ status: 0, code: null, detail }), sent)
}

const requestTokens = Effect.fnUntraced(function* (
  operation: string,
  appUserAgent: string,
  fields: Readonly<Record<string, string>>,
) {
  const settings = yield* BlinkConfig
  const transport = yield* Transport
  const response = yield* transport.execute({
    operation,
    method: "POST",
    url: signInUrl(settings, signIn.token),
    form: fields,
    headers: { "user-agent": appUserAgent, accept: "*/*" },
    timeout: settings.jsonTimeout,
  })
  const error = jsonBody(response)?.["error"]
  if (error === "invalid_grant" || error === "invalid_client" || response.status === 401)
    return yield* blinkError(operation, new SessionExpired({}), "yes")
  yield* ensureSuccess(operation, response, signInThrottleWait)
  const { value } = yield* decodeResponse(operation, TokenResponse, response)
  return {
    accessToken: Redacted.make(value.access_token),
    refreshToken: Redacted.make(value.refresh_token),
    lifetimeSeconds: value.expires_in,
  } satisfies NewTokens
})

/**
 * Fetches the authorization code with cookies alone (parameters would restart the sign-in) and exchanges it
 * for tokens.
 */
export const finishPasswordSignIn = Effect.fnUntraced(function* (flow: SignInFlow, hardwareId: string) {
  const settings = yield* BlinkConfig
  const transport = yield* Transport
  const { identity } = settings
  const response = yield* transport.execute(
    pageRequest(settings, finishOperation, signInUrl(settings, signIn.authorize), flow.cookies, {
      headers: { referer: signInUrl(settings, signIn.page) },
    }),
  )
  if (!isRedirect(response)) yield* ensureSuccess(finishOperation, response, signInThrottleWait)
  const code = codeFrom(locationHeader(response) ?? "", identity, null)
  if (code === null) return yield* notFinalAddress(identity, "yes")
  return yield* requestTokens(finishOperation, identity.appUserAgent, {
    app_brand: "blink",
    client_id: identity.clientId,
    code,
    code_verifier: Redacted.value(flow.verifier),
    grant_type: "authorization_code",
    hardware_id: hardwareId,
    redirect_uri: identity.redirectUri,
    scope: "client",
  })
})

/** Finishes a sign-in on the vendor's page. Additional fields make the exchange fail. */
export const finishHostedSignIn = Effect.fnUntraced(function* (
  verifier: Redacted.Redacted,
  state: string,
  finalUrl: Redacted.Redacted,
) {
  const code = codeFrom(Redacted.value(finalUrl), hostedIdentity, state)
  if (code === null) return yield* notFinalAddress(hostedIdentity, "no")
  return yield* requestTokens(finishOperation, hostedIdentity.appUserAgent, {
    grant_type: "authorization_code",
    redirect_uri: hostedIdentity.redirectUri,
    code,
    code_verifier: Redacted.value(verifier),
    client_id: hostedIdentity.clientId,
  })
})

/** Exchanges the refresh token for new tokens. The old one is invalid from then on. */
export const refreshTokens = Effect.fnUntraced(function* (
  refreshToken: Redacted.Redacted,
  clientId: string,
  hardwareId: string,
) {
  const { identity } = yield* BlinkConfig
  return yield* requestTokens("renew session", identity.appUserAgent, {
    grant_type: "refresh_token",
    refresh_token: Redacted.value(refreshToken),
    client_id: clientId,
    scope: "client",
    ...(clientId === "ios" ? { hardware_id: hardwareId } : {}),
  })
})
