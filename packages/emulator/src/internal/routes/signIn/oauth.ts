import { createHash } from "node:crypto"
import { type HttpResponse, html, json, redirect, text } from "../../http/HttpResponse.ts"
import { type RouteRequest, cookies, textField, bodyFields, header } from "../../http/RouteRequest.ts"
import { publicRoute, type Route } from "../../http/Route.ts"
import { seededText } from "../../world/seed.ts"
import {
  checkPassword,
  findAccount,
  isThrottled,
  issueTokens,
  registerClient,
  revokeFamily,
} from "../../world/signIn.ts"
import type { Account, SignIn } from "../../world/World.ts"

const cookieName = "oauth-session"
const codeLifetime = 10 * 60_000

const callbacks: Record<string, string> = {
  ios: "immedia-blink://applinks.blink.com/signin/callback",
  android: "https://applinks.blink.com/signin/callback",
}

/** The names of well known products are refused at the edge since July 2026. */
const refusedHardware = new Set(["home assistant", "blinkpy"])

const notAcceptable = text("406 Not Acceptable", 406)
const emptyCookies = json(
  { error: "bad_request", error_cause: "empty_cookies", error_description: "Empty Cookies." },
  400,
)
const oauthError = (status: number, error: string, description?: string): HttpResponse =>
  json(description === undefined ? { error } : { error, error_description: description }, status)

const invalidCode = json({ error: "Verification Code is invalid or expired" }, 400)

const invalidGrant = (description: string) => oauthError(400, "invalid_grant", description)

export const tooManyRequests = json(
  { error: "too_many_requests", error_description: "Too many attempts. Try again later." },
  429,
)

const newSignIn = (ask: RouteRequest, parameters: Record<string, string>): SignIn => {
  const id = seededText(ask.world.seed, `sign-in/${ask.world.counters.token++}`, 32)
  const signIn: SignIn = {
    id,
    csrf: seededText(ask.world.seed, `csrf/${id}`, 40),
    startedAt: ask.now,
    clientId: parameters["client_id"] ?? "",
    redirectUri: parameters["redirect_uri"] ?? "",
    challenge: parameters["code_challenge"] ?? "",
    state: parameters["state"] ?? null,
    hardwareId: parameters["hardware_id"] ?? id,
    account: null,
    stage: "password",
    failedCodes: 0,
    remember: false,
    codeSentAt: 0,
  }
  ask.world.signIns.set(id, signIn)
  return signIn
}

/** No `Secure`: a client that keeps cookies by the book would not send them back over plain HTTP. */
const sessionCookies = (signIn: SignIn) => ({
  "set-cookie": [
    `${cookieName}=${signIn.id}; Path=/; HttpOnly; SameSite=Lax`,
    `csrf-protection=${signIn.csrf}; Path=/; SameSite=Lax`,
  ],
})

const signInOf = (ask: RouteRequest): SignIn | undefined =>
  ask.world.signIns.get(cookies(ask)[cookieName] ?? "")

const signInPath = "/oauth/v2/signin"

const startAuthorization = (ask: RouteRequest): HttpResponse => {
  const parameters = Object.fromEntries(ask.query)
  if (refusedHardware.has((parameters["hardware_id"] ?? "").trim().toLowerCase())) return notAcceptable
  const callback = callbacks[parameters["client_id"] ?? ""]
  if (callback === undefined) return oauthError(400, "invalid_client", "Unknown client_id")
  if (parameters["redirect_uri"] !== callback)
    return oauthError(400, "invalid_request", "redirect_uri does not match")
  if (parameters["response_type"] !== "code") return oauthError(400, "unsupported_response_type")
  if (parameters["code_challenge_method"] !== "S256" || (parameters["code_challenge"] ?? "") === "") {
    return oauthError(400, "invalid_request", "code_challenge with S256 is required")
  }
  return redirect(signInPath, sessionCookies(newSignIn(ask, parameters)))
}

/** The second visit carries nothing but cookies, and leaves with the code for an address that no browser opens. */
const finishAuthorization = (ask: RouteRequest): HttpResponse => {
  const signIn = signInOf(ask)
  if (signIn === undefined) return emptyCookies
  if (signIn.stage !== "done" || signIn.account === null || signIn.redirectUri === "")
    return redirect(signInPath)
  const code = seededText(ask.world.seed, `code/${ask.world.counters.token++}`, 43)
  ask.world.authorizationCodes.set(code, { signIn, account: signIn.account, issuedAt: ask.now, used: false })
  const query = new URLSearchParams({ code, ...(signIn.state === null ? {} : { state: signIn.state }) })
  return redirect(`${signIn.redirectUri}?${query.toString()}`)
}

const signInPage = (csrf: string): string => `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Sign in</title></head>
<body>
<div id="root"></div>
<script id="oauth-args" type="application/json">${JSON.stringify({ "csrf-token": csrf })}</script>
</body>
</html>
`

const secondFactor = (account: Account, status: 202 | 412): HttpResponse =>
  json(
    {
      next_time_in_secs: 60,
      phone: "+1xxxxxxxx71",
      tsv_methods: ["sms", "whatsapp", "voice"],
      tsv_state: "sms",
      user_id: account.userId,
    },
    status,
  )

const signInWithPassword = (ask: RouteRequest): HttpResponse => {
  const signIn = signInOf(ask)
  if (signIn === undefined) return emptyCookies
  const form = bodyFields(ask)
  if (textField(form, "csrf-token") !== signIn.csrf) return oauthError(403, "invalid_csrf_token")
  const account = findAccount(ask.world, textField(form, "username") ?? "")
  if (account !== undefined && isThrottled(ask.world, account, ask.now)) return tooManyRequests
  if (
    account === undefined ||
    !checkPassword(ask.world, account, textField(form, "password") ?? "", ask.now)
  ) {
    return json(
      {
        error: "unauthorized",
        error_cause: "invalid_user_credentials",
        error_description: "Invalid user credentials.",
      },
      401,
    )
  }
  signIn.account = account
  const trusted = account.registrations.some(
    ({ uniqueId, trusted, removed }) => uniqueId === signIn.hardwareId && trusted && !removed,
  )
  if (ask.world.settings.secondFactor === "off" || trusted) {
    signIn.stage = "done"
    return redirect("/oauth/v2/authorize")
  }
  signIn.stage = "code"
  signIn.codeSentAt = ask.now
  return secondFactor(account, ask.world.settings.secondFactor === "412" ? 412 : 202)
}

const verifyCode = (ask: RouteRequest): HttpResponse => {
  const signIn = signInOf(ask)
  if (signIn === undefined) return emptyCookies
  const form = bodyFields(ask)
  if (textField(form, "csrf-token") !== signIn.csrf) return oauthError(403, "invalid_csrf_token")
  if (signIn.stage !== "code" || signIn.account === null)
    return oauthError(400, "bad_request", "No code was sent")
  const expired = ask.now > signIn.codeSentAt + codeLifetime || signIn.failedCodes >= maxFailedCodes
  if (expired || textField(form, "2fa_code") !== signIn.account.pin) {
    signIn.failedCodes += 1
    return invalidCode
  }
  signIn.stage = "done"
  signIn.remember = textField(form, "remember_me") === "true"
  return json(
    { redirect_url: "/oauth/v2/authorize", status: "auth-completed", user_id: signIn.account.userId },
    201,
  )
}

const maxFailedCodes = 5

const tokenResponse = (tokens: ReturnType<typeof issueTokens>, expiresIn: number): HttpResponse =>
  json({
    access_token: tokens.access.token,
    expires_in: expiresIn,
    refresh_token: tokens.refresh.token,
    scope: "client",
    token_type: "Bearer",
  })

const exchangeCode = (ask: RouteRequest, form: Record<string, unknown>): HttpResponse => {
  const code = ask.world.authorizationCodes.get(textField(form, "code") ?? "")
  if (code === undefined || ask.now > code.issuedAt + codeLifetime)
    return invalidGrant("Invalid authorization code")
  const family = `code-${textField(form, "code") ?? ""}`
  if (code.used) {
    revokeFamily(ask.world, family)
    return invalidGrant("Authorization code was already used")
  }
  const { signIn, account } = code
  if (textField(form, "client_id") !== signIn.clientId) return oauthError(400, "invalid_client")
  if (textField(form, "redirect_uri") !== signIn.redirectUri)
    return invalidGrant("redirect_uri does not match")
  const challenge = createHash("sha256")
    .update(textField(form, "code_verifier") ?? "")
    .digest("base64url")
  if (challenge !== signIn.challenge) return invalidGrant("PKCE verification failed")
  code.used = true
  ask.world.signIns.delete(signIn.id)
  const registration = registerClient(ask.world, ask.now, account, {
    uniqueId: signIn.hardwareId,
    name: header(ask, "user-agent") ?? signIn.clientId,
    dialect: "oauth",
  })
  registration.verified ||= !ask.world.settings.verifiesClients
  registration.trusted ||= signIn.remember
  return tokenResponse(
    issueTokens(ask.world, registration, family, ask.now),
    ask.world.settings.accessTokenSeconds,
  )
}

/** Every refresh token works once, for whichever client id asks. */
const refreshTokens = (ask: RouteRequest, form: Record<string, unknown>): HttpResponse => {
  if (callbacks[textField(form, "client_id") ?? ""] === undefined) return oauthError(401, "invalid_client")
  const token = ask.world.refreshTokens.get(textField(form, "refresh_token") ?? "")
  if (token === undefined || token.revoked || token.expiresAt <= ask.now || token.registration.removed) {
    return invalidGrant("Invalid refresh token")
  }
  if (token.used) {
    revokeFamily(ask.world, token.family)
    return invalidGrant("Invalid refresh token")
  }
  token.used = true
  token.registration.updatedAt = ask.now
  return tokenResponse(
    issueTokens(ask.world, token.registration, token.family, ask.now),
    ask.world.settings.accessTokenSeconds,
  )
}

/** How clients signed in for two months of late 2025: all in one request, which comes again with the code in a header. */
const passwordGrant = (ask: RouteRequest, form: Record<string, unknown>): HttpResponse => {
  const account = findAccount(ask.world, textField(form, "username") ?? "")
  if (account !== undefined && isThrottled(ask.world, account, ask.now)) return tooManyRequests
  if (account === undefined || !checkPassword(ask.world, account, textField(form, "password") ?? "", ask.now))
    return oauthError(401, "invalid_grant", "Invalid username or password")
  const code = header(ask, "2fa-code")
  if (ask.world.settings.secondFactor !== "off" && code !== account.pin)
    return code === undefined ? secondFactor(account, 412) : invalidCode
  const clientId = textField(form, "client_id") ?? "android"
  const registration = registerClient(ask.world, ask.now, account, {
    uniqueId: header(ask, "hardware_id") ?? clientId,
    name: header(ask, "user-agent") ?? clientId,
    dialect: "oauth",
  })
  registration.verified = true
  const family = `password-${ask.world.counters.token}`
  return tokenResponse(
    issueTokens(ask.world, registration, family, ask.now),
    ask.world.settings.accessTokenSeconds,
  )
}

const tokenEndpoint = (ask: RouteRequest): HttpResponse => {
  const form = bodyFields(ask)
  switch (textField(form, "grant_type")) {
    case "authorization_code":
      return exchangeCode(ask, form)
    case "refresh_token":
      return refreshTokens(ask, form)
    case "password":
      return ask.world.settings.gate === "off"
        ? passwordGrant(ask, form)
        : oauthError(400, "unsupported_grant_type")
    default:
      return oauthError(400, "unsupported_grant_type")
  }
}

/** Sign-in of today: authorization code with PKCE, in the profiles `ios` and `android`. */
export const oauthRoutes: ReadonlyArray<Route> = [
  publicRoute("GET /oauth/v2/authorize", {}, (ask) =>
    ask.query.size === 0 ? finishAuthorization(ask) : startAuthorization(ask),
  ),
  publicRoute("GET /oauth/v2/signin", {}, (ask) => {
    const signIn = signInOf(ask) ?? newSignIn(ask, {})
    return html(signInPage(signIn.csrf), 200, sessionCookies(signIn))
  }),
  publicRoute("POST /oauth/v2/signin", {}, signInWithPassword),
  publicRoute("POST /oauth/v2/2fa/verify", {}, verifyCode),
  publicRoute("POST /oauth/token", {}, tokenEndpoint),
]
