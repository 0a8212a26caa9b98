import type { AccountId } from "@blink-streams/model/Ids"
import { Effect, Option, Redacted } from "effect"
import { Headers } from "effect/http"
import {
  blinkError,
  Refused,
  SessionLost,
  UnexpectedResponse,
  WrongPassword,
  WrongPin,
} from "../BlinkError.ts"
import type { Identity, Settings } from "../BlinkConfig.ts"
import { signIn } from "../endpoints/signIn.ts"
import { TierInfo } from "../wire/account.ts"
import { CodeSent, Tokens } from "../wire/signIn.ts"
import { challengeOf, randomText } from "./pkce.ts"
import { readAnswer } from "./readAnswer.ts"
import { jsonBody, type Reply, signInThrottleWait } from "./refusal.ts"
import type { Outgoing, Transport } from "./transport.ts"

/** Cookies of the sign-in pages, by name. Their names are the vendor's business. */
export type Cookies = Readonly<Record<string, Redacted.Redacted>>

/** A sign-in under way: what the next step needs. */
export interface Flow {
  readonly verifier: Redacted.Redacted
  readonly csrf: Redacted.Redacted
  readonly cookies: Cookies
}

export interface NewTokens {
  readonly accessToken: Redacted.Redacted
  readonly refreshToken: Redacted.Redacted
  readonly lifeSeconds: number
}

/** What the password led to. */
type PasswordOutcome =
  | { readonly step: "done"; readonly flow: Flow }
  | { readonly step: "pin"; readonly flow: Flow; readonly channel: string; readonly resendSeconds: number }

const withCookies = (before: Cookies, { cookies }: Reply): Cookies => ({
  ...before,
  ...Object.fromEntries(Object.entries(cookies).map(([name, value]) => [name, Redacted.make(value)])),
})

const cookieHeader = (cookies: Cookies): Readonly<Record<string, string>> => {
  const pairs = Object.entries(cookies).map(([name, value]) => `${name}=${Redacted.value(value)}`)
  return pairs.length === 0 ? {} : { cookie: pairs.join("; ") }
}

/** The token that every form of the page has to carry: in its JSON, a hidden field, a meta tag or a cookie. */
const csrfOf = (page: string, cookies: Cookies): Redacted.Redacted | null => {
  const match =
    /"csrf-token"\s*:\s*"([^"]+)"/.exec(page) ??
    /name="csrf-token"[^>]*(?:value|content)="([^"]+)"/.exec(page) ??
    /(?:value|content)="([^"]+)"[^>]*name="csrf-token"/.exec(page)
  return match === null ? (cookies["csrf-protection"] ?? null) : Redacted.make(match[1]!)
}

const isRedirect = (reply: Reply): boolean => reply.status >= 300 && reply.status < 400
const location = (reply: Reply): string | null => Option.getOrNull(Headers.get(reply.headers, "location"))

/** The code out of the address at which the sign-in ended. */
const codeFrom = (operation: string, who: Identity, address: string, state: string | null) =>
  Effect.suspend(() => {
    const url = URL.canParse(address.trim()) ? new URL(address.trim()) : null
    const code = url?.searchParams.get("code")
    const isOurs = address.trim().startsWith(who.redirectUri)
    return isOurs && code && (state === null || url?.searchParams.get("state") === state)
      ? Effect.succeed(code)
      : Effect.fail(
          blinkError(
            operation,
            new Refused({
              status: 0,
              code: null,
              what: `that is not the address at which the sign-in ends (${who.redirectUri}?code=…)`,
            }),
          ),
        )
  })

/** The steps of today's sign-in: authorization code with PKCE, a page with a password, perhaps a code. */
export const makeOauth = (settings: Settings, transport: Transport) => {
  const base = settings.oauthUrl.replace(/\/+$/, "")
  const signInUrl = `${base}${signIn.page.path}`
  const { identity } = settings

  const accept = (operation: string, reply: Reply) => transport.accept(operation, reply, signInThrottleWait)

  const page = (
    operation: string,
    url: string,
    cookies: Cookies,
    more: Partial<Outgoing> = {},
  ): Outgoing => ({
    operation,
    method: "GET",
    url,
    timeout: settings.jsonTimeout,
    ...more,
    headers: {
      "user-agent": identity.browser,
      accept: "text/html,application/xhtml+xml,*/*",
      "accept-language": "en-US,en;q=0.9",
      ...cookieHeader(cookies),
      ...more.headers,
    },
  })

  const form = (operation: string, url: string, flow: Flow, fields: Record<string, string>): Outgoing =>
    page(operation, url, flow.cookies, {
      method: "POST",
      form: { ...fields, "csrf-token": Redacted.value(flow.csrf) },
      headers: { accept: "*/*", origin: base, referer: signInUrl },
    })

  const authorizeUrl = (who: Identity, hardwareId: string, challenge: string, more: Record<string, string>) =>
    `${base}${signIn.authorize.path}?${new URLSearchParams({
      app_brand: "blink",
      app_version: who.appVersion,
      client_id: who.clientId,
      code_challenge: challenge,
      code_challenge_method: "S256",
      device_brand: who.deviceBrand,
      device_model: who.deviceModel,
      device_os_version: who.osVersion,
      hardware_id: hardwareId,
      redirect_uri: who.redirectUri,
      response_type: "code",
      scope: "client",
      ...more,
    }).toString()}`

  /** Opens the sign-in page. Redirects are followed by hand, and only within the sign-in host. */
  const open = Effect.fnUntraced(function* (hardwareId: string) {
    const operation = "open sign-in page"
    const verifier = yield* randomText
    let cookies: Cookies = {}
    let url = authorizeUrl(identity, hardwareId, yield* challengeOf(verifier), {})
    for (let hops = 0; hops < 5; hops++) {
      const reply = yield* transport.exchange(page(operation, url, cookies))
      cookies = withCookies(cookies, reply)
      const target = location(reply)
      if (!isRedirect(reply) || target === null) {
        yield* accept(operation, reply)
        break
      }
      const next = new URL(target, url)
      if (next.origin !== new URL(base).origin) {
        return yield* blinkError(
          operation,
          new UnexpectedResponse({ status: reply.status, what: "it leads to another host" }),
        )
      }
      url = next.href
    }
    const reply = yield* Effect.flatMap(transport.exchange(page(operation, signInUrl, cookies)), (answer) =>
      accept(operation, answer),
    )
    cookies = withCookies(cookies, reply)
    const csrf = csrfOf(reply.text, cookies)
    if (csrf === null) {
      return yield* blinkError(
        operation,
        new UnexpectedResponse({ status: reply.status, what: "the sign-in page has no form token" }),
      )
    }
    return { verifier: Redacted.make(verifier), csrf, cookies } satisfies Flow
  })

  /** Posts the password. By body, not by status: the answer that asks for a code has changed its status before. */
  const password = Effect.fnUntraced(function* (flow: Flow, email: string, secret: Redacted.Redacted) {
    const operation = "sign in"
    const reply = yield* transport.exchange(
      form(operation, signInUrl, flow, { username: email, password: Redacted.value(secret) }),
    )
    const body = jsonBody(reply)
    const next: Flow = { ...flow, cookies: withCookies(flow.cookies, reply) }
    if (body !== null && ("tsv_state" in body || "tsv_methods" in body || "next_time_in_secs" in body)) {
      const { value } = yield* readAnswer(operation, CodeSent, reply)
      return {
        step: "pin",
        flow: next,
        channel: value.tsv_state ?? "sms",
        resendSeconds: value.next_time_in_secs ?? 60,
      } satisfies PasswordOutcome
    }
    if (isRedirect(reply)) return { step: "done", flow: next } satisfies PasswordOutcome
    if (reply.status === 401 || body?.["error"] === "access_denied")
      return yield* blinkError(operation, new WrongPassword({}))
    if (body !== null && (reply.status === 403 || body["error_cause"] === "empty_cookies")) {
      const what = "the sign-in page was out of date; start the sign-in again"
      return yield* blinkError(operation, new Refused({ status: reply.status, code: null, what }))
    }
    yield* accept(operation, reply)
    return { step: "done", flow: next } satisfies PasswordOutcome
  })

  /** Posts the code that was sent. A wrong one leaves the flow usable. */
  const pin = Effect.fnUntraced(function* (flow: Flow, code: Redacted.Redacted) {
    const operation = "verify code"
    const reply = yield* transport.exchange(
      form(operation, `${base}${signIn.code.path}`, flow, {
        "2fa_code": Redacted.value(code).trim(),
        remember_me: "true",
      }),
    )
    if (reply.status === 200 || reply.status === 201)
      return { ...flow, cookies: withCookies(flow.cookies, reply) }
    const body = jsonBody(reply)
    if (body?.["error_cause"] === "empty_cookies") {
      return yield* blinkError(operation, new WrongPin({ restart: true }))
    }
    // A 403 without JSON is the edge, which has not even looked at the code.
    if ([400, 401, 412].includes(reply.status) || (reply.status === 403 && body !== null))
      return yield* blinkError(operation, new WrongPin({ restart: false }))
    yield* accept(operation, reply)
    return yield* blinkError(
      operation,
      new UnexpectedResponse({ status: reply.status, what: "neither accepted nor wrong" }),
    )
  })

  const tokens = Effect.fnUntraced(function* (
    operation: string,
    who: Identity,
    fields: Record<string, string>,
  ) {
    const reply = yield* transport.exchange({
      operation,
      method: "POST",
      url: `${base}${signIn.token.path}`,
      form: fields,
      headers: { "user-agent": who.app, accept: "*/*" },
      timeout: settings.jsonTimeout,
    })
    const error = jsonBody(reply)?.["error"]
    if (error === "invalid_grant" || error === "invalid_client" || reply.status === 401) {
      return yield* blinkError(operation, new SessionLost({}))
    }
    yield* accept(operation, reply)
    const { value } = yield* readAnswer(operation, Tokens, reply)
    return {
      accessToken: Redacted.make(value.access_token),
      refreshToken: Redacted.make(value.refresh_token),
      lifeSeconds: value.expires_in,
    } satisfies NewTokens
  })

  /** Fetches the code by cookies alone (parameters would start anew) and trades it for tokens. */
  const finish = Effect.fnUntraced(function* (flow: Flow, hardwareId: string) {
    const operation = "finish sign-in"
    const reply = yield* transport.exchange(
      page(operation, `${base}${signIn.authorize.path}`, flow.cookies, { headers: { referer: signInUrl } }),
    )
    if (!isRedirect(reply)) yield* accept(operation, reply)
    const code = yield* codeFrom(operation, identity, location(reply) ?? "", null)
    return yield* tokens(operation, identity, {
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

  /** The vendor's page finished elsewhere. More fields than these make the exchange fail. */
  const finishHosted = Effect.fnUntraced(function* (
    who: Identity,
    verifier: Redacted.Redacted,
    state: string,
    finalUrl: Redacted.Redacted,
  ) {
    const operation = "finish sign-in"
    const code = yield* codeFrom(operation, who, Redacted.value(finalUrl), state)
    return yield* tokens(operation, who, {
      grant_type: "authorization_code",
      redirect_uri: who.redirectUri,
      code,
      code_verifier: Redacted.value(verifier),
      client_id: who.clientId,
    })
  })

  /** Trades the refresh token for new ones. The old one is dead from then on. */
  const renew = (refreshToken: Redacted.Redacted, clientId: string, hardwareId: string) =>
    tokens("renew session", identity, {
      grant_type: "refresh_token",
      refresh_token: Redacted.value(refreshToken),
      client_id: clientId,
      scope: "client",
      ...(clientId === "ios" ? { hardware_id: hardwareId } : {}),
    })

  return { authorizeUrl, open, password, pin, finish, finishHosted, renew }
}

export type Oauth = ReturnType<typeof makeOauth>

/** Which account a token belongs to, and which tier serves it. */
export const locate = Effect.fnUntraced(function* (
  settings: Settings,
  transport: Transport,
  token: Redacted.Redacted,
) {
  const operation = "find the account's tier"
  const reply = yield* transport.send({
    operation,
    method: "GET",
    url: `${baseUrl(settings, settings.bootstrapTier)}/api/v1/users/tier_info`,
    headers: { authorization: `Bearer ${Redacted.value(token)}` },
    timeout: settings.jsonTimeout,
  })
  const { value } = yield* readAnswer(operation, TierInfo, reply)
  const accountId: AccountId = value.account_id
  const tier = yield* checkedTier(operation, value.tier)
  return { accountId, tier }
})

/** Four letters or digits: anything else could smuggle a host into the address. */
export const checkedTier = (operation: string, tier: string) =>
  /^[A-Za-z0-9]{4}$/.test(tier)
    ? Effect.succeed(tier)
    : Effect.fail(blinkError(operation, new UnexpectedResponse({ status: 200, what: "the tier is no tier" })))

/** Base address of the calls of `tier`, without a trailing slash. */
export const baseUrl = (settings: Settings, tier: string): string =>
  settings.apiUrl.replace("{tier}", tier).replace(/\/+$/, "")
