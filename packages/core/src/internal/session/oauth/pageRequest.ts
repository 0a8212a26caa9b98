import { Option, Redacted } from "effect"
import { Headers } from "effect/http"
import type { CloudSettings, Identity } from "../../../BlinkConfig.ts"
import { signIn } from "../../endpoints/signIn.ts"
import type { HttpResponse } from "../../http/responseError.ts"
import type { HttpRequest } from "../../http/Transport.ts"
import { cookieHeader, type SignInFlow } from "./signInFlow.ts"

/** Address of an endpoint of the sign-in. */
export const signInUrl = ({ oauthUrl }: CloudSettings, endpoint: { readonly path: string }): string =>
  oauthUrl.replace(/\/+$/, "") + endpoint.path

/** Address of the sign-in page with the identity of a client. */
export const authorizeUrl = (
  settings: CloudSettings,
  identity: Identity,
  hardwareId: string,
  challenge: string,
  overrides: Readonly<Record<string, string>>,
): string =>
  `${signInUrl(settings, signIn.authorize)}?${new URLSearchParams({
    app_brand: "blink",
    app_version: identity.appVersion,
    client_id: identity.clientId,
    code_challenge: challenge,
    code_challenge_method: "S256",
    device_brand: identity.deviceBrand,
    device_model: identity.deviceModel,
    device_os_version: identity.osVersion,
    hardware_id: hardwareId,
    redirect_uri: identity.redirectUri,
    response_type: "code",
    scope: "client",
    ...overrides,
  }).toString()}`

/** Request of a browser for a page. */
export const pageRequest = (
  settings: CloudSettings,
  operation: string,
  url: string,
  cookies: SignInFlow["cookies"],
  overrides: Partial<HttpRequest> = {},
): HttpRequest => ({
  operation,
  method: "GET",
  url,
  timeout: settings.jsonTimeout,
  ...overrides,
  headers: {
    "user-agent": settings.identity.browserUserAgent,
    accept: "text/html,application/xhtml+xml,*/*",
    "accept-language": "en-US,en;q=0.9",
    ...cookieHeader(cookies),
    ...overrides.headers,
  },
})

/** Request of the sign-in page that submits a form. */
export const formRequest = (
  settings: CloudSettings,
  operation: string,
  endpoint: { readonly path: string },
  flow: SignInFlow,
  fields: Readonly<Record<string, string>>,
): HttpRequest =>
  pageRequest(settings, operation, signInUrl(settings, endpoint), flow.cookies, {
    method: "POST",
    form: { ...fields, "csrf-token": Redacted.value(flow.csrf) },
    headers: {
      accept: "*/*",
      origin: signInUrl(settings, { path: "" }),
      referer: signInUrl(settings, signIn.page),
    },
  })

export const isRedirect = (response: HttpResponse): boolean => response.status >= 300 && response.status < 400

/** Target of a redirect; `null` when the response has none. */
export const locationHeader = (response: HttpResponse): string | null =>
  Option.getOrNull(Headers.get(response.headers, "location"))
