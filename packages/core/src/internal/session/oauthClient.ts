import { Effect, Option, Redacted } from "effect"
import { Headers } from "effect/http"
import { type BlinkError, blinkError } from "../../BlinkError.ts"
import type { Identity, CloudSettings } from "../../BlinkConfig.ts"
import { signIn } from "../endpoints/signIn.ts"
import { CodeSent, Tokens } from "../wire/signIn.ts"
import { challengeOf, randomText } from "./pkce.ts"
import { decodeResponse } from "../http/decodeResponse.ts"
import { jsonBody, type HttpResponse } from "../http/responseError.ts"
import { signInThrottleWait } from "../rateLimit/retryPolicy.ts"
import type { HttpRequest, Transport } from "../http/transport.ts"
import { InvalidCredentials, InvalidPin, Rejected, SessionExpired, UnexpectedResponse } from "../../Reason.ts"

/** Cookies of the sign-in pages by name. The names are up to the vendor. */
export type Cookies = Readonly<Record<string, Redacted.Redacted>>

/** State between the steps of a sign-in. */
export interface SignInFlow {
  readonly verifier: Redacted.Redacted
  readonly csrf: Redacted.Redacted
  readonly cookies: Cookies
}

export interface NewTokens {
  readonly accessToken: Redacted.Redacted
  readonly refreshToken: Redacted.Redacted
  readonly lifetimeSeconds: number
}

/** Result of submitting the password. */
type PasswordOutcome =
  | { readonly step: "done"; readonly flow: SignInFlow }
  | {
      readonly step: "pin"
      readonly flow: SignInFlow
      readonly channel: string
      readonly resendSeconds: number
    }

const withCookies = (previous: Cookies, { cookies }: HttpResponse): Cookies => ({
  ...previous,
  ...Object.fromEntries(Object.entries(cookies).map(([name, value]) => [name, Redacted.make(value)])),
})

const cookieHeader = (cookies: Cookies): Readonly<Record<string, string>> => {
  const pairs = Object.entries(cookies).map(([name, value]) => `${name}=${Redacted.value(value)}`)
  return pairs.length === 0 ? {} : { cookie: pairs.join("; ") }
}

/** CSRF token that every form must carry: in the page's JSON, a hidden field, a meta tag or a cookie. */
const csrfOf = (page: string, cookies: Cookies): Redacted.Redacted | null => {
  const match =
    /"csrf-token"\s*:\s*"([^"]+)"/.exec(page) ??
    /name="csrf-token"[^>]*(?:value|content)="([^"]+)"/.exec(page) ??
    /(?:value|content)="([^"]+)"[^>]*name="csrf-token"/.exec(page)
  return match === null ? (cookies["csrf-protection"] ?? null) : Redacted.make(match[1]!)
}

const isRedirect = (response: HttpResponse): boolean => response.status >= 300 && response.status < 400
const locationHeader = (response: HttpResponse): string | null =>
  Option.getOrNull(Headers.get(response.headers, "location"))

/** Extracts the code from the final address of the sign-in. */
const codeFrom = (
  operation: string,
  clientIdentity: Identity,
  address: string,
  state: string | null,
  sent: BlinkError["sent"],
) =>
  Effect.suspend(() => {
    const url = URL.canParse(address.trim()) ? new URL(address.trim()) : null
    const code = url?.searchParams.get("code")
    const isOurs = address.trim().startsWith(clientIdentity.redirectUri)
    return isOurs && code && (state === null || url?.searchParams.get("state") === state)
      ? Effect.succeed(code)
      : Effect.fail(
          blinkError(
            operation,
            new Rejected({
              status: 0,
              code: null,
              detail: `not the final address of the sign-in (${clientIdentity.redirectUri}?code=…)`,
            }),
            sent,
          ),
        )
  })

/** Steps of today's sign-in: authorization code with PKCE, a password form, and an optional code. */
export const makeOauthClient = (settings: CloudSettings, transport: Transport) => {
  const base = settings.oauthUrl.replace(/\/+$/, "")
  const signInUrl = `${base}${signIn.page.path}`
  const { identity } = settings

  const ensureSuccess = (operation: string, response: HttpResponse) =>
    transport.ensureSuccess(operation, response, signInThrottleWait)

  const pageRequest = (
    operation: string,
    url: string,
    cookies: Cookies,
    overrides: Partial<HttpRequest> = {},
  ): HttpRequest => ({
    operation,
    method: "GET",
    url,
    timeout: settings.jsonTimeout,
    ...overrides,
    headers: {
      "user-agent": identity.browserUserAgent,
      accept: "text/html,application/xhtml+xml,*/*",
      "accept-language": "en-US,en;q=0.9",
      ...cookieHeader(cookies),
      ...overrides.headers,
    },
  })

  const formRequest = (
    operation: string,
    url: string,
    flow: SignInFlow,
    fields: Record<string, string>,
  ): HttpRequest =>
    pageRequest(operation, url, flow.cookies, {
      method: "POST",
      form: { ...fields, "csrf-token": Redacted.value(flow.csrf) },
      headers: { accept: "*/*", origin: base, referer: signInUrl },
    })

  const authorizeUrl = (
    clientIdentity: Identity,
    hardwareId: string,
    challenge: string,
    overrides: Record<string, string>,
  ) =>
    `${base}${signIn.authorize.path}?${new URLSearchParams({
      app_brand: "blink",
      app_version: clientIdentity.appVersion,
      client_id: clientIdentity.clientId,
      code_challenge: challenge,
      code_challenge_method: "S256",
      device_brand: clientIdentity.deviceBrand,
      device_model: clientIdentity.deviceModel,
      device_os_version: clientIdentity.osVersion,
      hardware_id: hardwareId,
      redirect_uri: clientIdentity.redirectUri,
      response_type: "code",
      scope: "client",
      ...overrides,
    }).toString()}`

  /** Opens the sign-in page. Follows redirects manually and only within the sign-in host. */
  const openPage = Effect.fnUntraced(function* (hardwareId: string) {
    const operation = "open sign-in page"
    const verifier = yield* randomText
    let cookies: Cookies = {}
    let url = authorizeUrl(identity, hardwareId, yield* challengeOf(verifier), {})
    for (let redirects = 0; redirects < 5; redirects++) {
      const response = yield* transport.execute(pageRequest(operation, url, cookies))
      cookies = withCookies(cookies, response)
      const target = locationHeader(response)
      if (!isRedirect(response) || target === null) {
        yield* ensureSuccess(operation, response)
        break
      }
      const next = new URL(target, url)
      if (next.origin !== new URL(base).origin) {
        return yield* blinkError(
          operation,
          new UnexpectedResponse({ status: response.status, detail: "a redirect to another host" }),
          "yes",
        )
      }
      url = next.href
    }
    const response = yield* Effect.flatMap(
      transport.execute(pageRequest(operation, signInUrl, cookies)),
      (pageResponse) => ensureSuccess(operation, pageResponse),
    )
    cookies = withCookies(cookies, response)
    const csrf = csrfOf(response.text, cookies)
    if (csrf === null) {
      return yield* blinkError(
        operation,
        new UnexpectedResponse({ status: response.status, detail: "the sign-in page has no CSRF token" }),
        "yes",
      )
    }
    return { verifier: Redacted.make(verifier), csrf, cookies } satisfies SignInFlow
  })

  /**
   * Submits the password. The body decides, because the status of the response that asks for a code has
   * changed before.
   */
  const submitPassword = Effect.fnUntraced(function* (
    flow: SignInFlow,
    email: string,
    passwordSecret: Redacted.Redacted,
  ) {
    const operation = "sign in"
    const response = yield* transport.execute(
      formRequest(operation, signInUrl, flow, {
        username: email,
        password: Redacted.value(passwordSecret),
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
      return yield* blinkError(
        operation,
        new Rejected({ status: response.status, code: null, detail }),
        "yes",
      )
    }
    yield* ensureSuccess(operation, response)
    return { step: "done", flow: next } satisfies PasswordOutcome
  })

  /** Submits the code. The flow stays usable after a wrong one. */
  const submitPin = Effect.fnUntraced(function* (flow: SignInFlow, code: Redacted.Redacted) {
    const operation = "verify code"
    const response = yield* transport.execute(
      formRequest(operation, `${base}${signIn.code.path}`, flow, {
        "2fa_code": Redacted.value(code).trim(),
        remember_me: "true",
      }),
    )
    if (response.status === 200 || response.status === 201)
      return { ...flow, cookies: withCookies(flow.cookies, response) }
    const body = jsonBody(response)
    if (body?.["error_cause"] === "empty_cookies") {
      return yield* blinkError(operation, new InvalidPin({ restart: true }), "yes")
    }
    // A 403 without JSON comes from the CDN, which has not checked the code.
    if ([400, 401, 412].includes(response.status) || (response.status === 403 && body !== null))
      return yield* blinkError(operation, new InvalidPin({ restart: false }), "yes")
    yield* ensureSuccess(operation, response)
    return yield* blinkError(
      operation,
      new UnexpectedResponse({ status: response.status, detail: "neither accepted nor wrong" }),
      "yes",
    )
  })

  const requestTokens = Effect.fnUntraced(function* (
    operation: string,
    clientIdentity: Identity,
    fields: Record<string, string>,
  ) {
    const response = yield* transport.execute({
      operation,
      method: "POST",
      url: `${base}${signIn.token.path}`,
      form: fields,
      headers: { "user-agent": clientIdentity.appUserAgent, accept: "*/*" },
      timeout: settings.jsonTimeout,
    })
    const error = jsonBody(response)?.["error"]
    if (error === "invalid_grant" || error === "invalid_client" || response.status === 401) {
      return yield* blinkError(operation, new SessionExpired({}), "yes")
    }
    yield* ensureSuccess(operation, response)
    const { value } = yield* decodeResponse(operation, Tokens, response)
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
  const finishSignIn = Effect.fnUntraced(function* (flow: SignInFlow, hardwareId: string) {
    const operation = "finish sign-in"
    const response = yield* transport.execute(
      pageRequest(operation, `${base}${signIn.authorize.path}`, flow.cookies, {
        headers: { referer: signInUrl },
      }),
    )
    if (!isRedirect(response)) yield* ensureSuccess(operation, response)
    const code = yield* codeFrom(operation, identity, locationHeader(response) ?? "", null, "yes")
    return yield* requestTokens(operation, identity, {
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
  const finishHosted = Effect.fnUntraced(function* (
    clientIdentity: Identity,
    verifier: Redacted.Redacted,
    state: string,
    finalUrl: Redacted.Redacted,
  ) {
    const operation = "finish sign-in"
    const code = yield* codeFrom(operation, clientIdentity, Redacted.value(finalUrl), state, "no")
    return yield* requestTokens(operation, clientIdentity, {
      grant_type: "authorization_code",
      redirect_uri: clientIdentity.redirectUri,
      code,
      code_verifier: Redacted.value(verifier),
      client_id: clientIdentity.clientId,
    })
  })

  /** Exchanges the refresh token for new tokens. The old one is invalid from then on. */
  const refreshTokens = (refreshToken: Redacted.Redacted, clientId: string, hardwareId: string) =>
    requestTokens("renew session", identity, {
      grant_type: "refresh_token",
      refresh_token: Redacted.value(refreshToken),
      client_id: clientId,
      scope: "client",
      ...(clientId === "ios" ? { hardware_id: hardwareId } : {}),
    })

  return { authorizeUrl, openPage, submitPassword, submitPin, finishSignIn, finishHosted, refreshTokens }
}

export type OauthClient = ReturnType<typeof makeOauthClient>
