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

/** The edge refuses names of well-known products since July 2026. */
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

const tooManyRequests = json(
  { error: "too_many_requests", error_description: "Too many attempts. Try again later." },
  429,
)

const newSignIn = (request: RouteRequest, parameters: Record<string, string>): SignIn => {
  const id = seededText(request.world.seed, `sign-in/${request.world.counters.token++}`, 32)
  const signIn: SignIn = {
    id,
    csrf: seededText(request.world.seed, `csrf/${id}`, 40),
    startedAt: request.now,
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
  request.world.signIns.set(id, signIn)
  return signIn
}

/** Without `Secure`, because clients do not send such cookies over plain HTTP. */
const sessionCookies = (signIn: SignIn) => ({
  "set-cookie": [
    `${cookieName}=${signIn.id}; Path=/; HttpOnly; SameSite=Lax`,
    `csrf-protection=${signIn.csrf}; Path=/; SameSite=Lax`,
  ],
})

const signInOf = (request: RouteRequest): SignIn | undefined =>
  request.world.signIns.get(cookies(request)[cookieName] ?? "")

const signInPath = "/oauth/v2/signin"

const startAuthorization = (request: RouteRequest): HttpResponse => {
  const parameters = Object.fromEntries(request.query)
  if (refusedHardware.has((parameters["hardware_id"] ?? "").trim().toLowerCase())) return notAcceptable
  const callback = callbacks[parameters["client_id"] ?? ""]
  if (callback === undefined) return oauthError(400, "invalid_client", "Unknown client_id")
  if (parameters["redirect_uri"] !== callback)
    return oauthError(400, "invalid_request", "redirect_uri does not match")
  if (parameters["response_type"] !== "code") return oauthError(400, "unsupported_response_type")
  if (parameters["code_challenge_method"] !== "S256" || (parameters["code_challenge"] ?? "") === "") {
    return oauthError(400, "invalid_request", "code_challenge with S256 is required")
  }
  return redirect(signInPath, sessionCookies(newSignIn(request, parameters)))
}

/** Second request to `authorize`, with cookies only. Redirects to the app's scheme with the authorization code. */
const finishAuthorization = (request: RouteRequest): HttpResponse => {
  const signIn = signInOf(request)
  if (signIn === undefined) return emptyCookies
  if (signIn.stage !== "done" || signIn.account === null || signIn.redirectUri === "")
    return redirect(signInPath)
  const code = seededText(request.world.seed, `code/${request.world.counters.token++}`, 43)
  request.world.authorizationCodes.set(code, {
    signIn,
    account: signIn.account,
    issuedAt: request.now,
    used: false,
  })
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

const signInWithPassword = (request: RouteRequest): HttpResponse => {
  const signIn = signInOf(request)
  if (signIn === undefined) return emptyCookies
  const form = bodyFields(request)
  if (textField(form, "csrf-token") !== signIn.csrf) return oauthError(403, "invalid_csrf_token")
  const account = findAccount(request.world, textField(form, "username") ?? "")
  if (account !== undefined && isThrottled(request.world, account, request.now)) return tooManyRequests
  if (
    account === undefined ||
    !checkPassword(request.world, account, textField(form, "password") ?? "", request.now)
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
  if (request.world.settings.secondFactor === "off" || trusted) {
    signIn.stage = "done"
    return redirect("/oauth/v2/authorize")
  }
  signIn.stage = "code"
  signIn.codeSentAt = request.now
  return secondFactor(account, request.world.settings.secondFactor === "412" ? 412 : 202)
}

const verifyCode = (request: RouteRequest): HttpResponse => {
  const signIn = signInOf(request)
  if (signIn === undefined) return emptyCookies
  const form = bodyFields(request)
  if (textField(form, "csrf-token") !== signIn.csrf) return oauthError(403, "invalid_csrf_token")
  if (signIn.stage !== "code" || signIn.account === null)
    return oauthError(400, "bad_request", "No code was sent")
  const expired = request.now > signIn.codeSentAt + codeLifetime || signIn.failedCodes >= maxFailedCodes
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

const exchangeCode = (request: RouteRequest, form: Record<string, unknown>): HttpResponse => {
  const code = request.world.authorizationCodes.get(textField(form, "code") ?? "")
  if (code === undefined || request.now > code.issuedAt + codeLifetime)
    return invalidGrant("Invalid authorization code")
  const family = `code-${textField(form, "code") ?? ""}`
  if (code.used) {
    revokeFamily(request.world, family)
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
  request.world.signIns.delete(signIn.id)
  const registration = registerClient(request.world, request.now, account, {
    uniqueId: signIn.hardwareId,
    name: header(request, "user-agent") ?? signIn.clientId,
    dialect: "oauth",
  })
  registration.verified ||= !request.world.settings.verifiesClients
  registration.trusted ||= signIn.remember
  return tokenResponse(
    issueTokens(request.world, registration, family, request.now),
    request.world.settings.accessTokenSeconds,
  )
}

/** A refresh token works once, with either client id. */
const refreshTokens = (request: RouteRequest, form: Record<string, unknown>): HttpResponse => {
  if (callbacks[textField(form, "client_id") ?? ""] === undefined) return oauthError(401, "invalid_client")
  const token = request.world.refreshTokens.get(textField(form, "refresh_token") ?? "")
  if (token === undefined || token.revoked || token.expiresAt <= request.now || token.registration.removed) {
    return invalidGrant("Invalid refresh token")
  }
  if (token.used) {
    revokeFamily(request.world, token.family)
    return invalidGrant("Invalid refresh token")
  }
  token.used = true
  token.registration.updatedAt = request.now
  return tokenResponse(
    issueTokens(request.world, token.registration, token.family, request.now),
    request.world.settings.accessTokenSeconds,
  )
}

/** Password grant of late 2025: one request, repeated with the code in a header. */
const passwordGrant = (request: RouteRequest, form: Record<string, unknown>): HttpResponse => {
  const account = findAccount(request.world, textField(form, "username") ?? "")
  if (account !== undefined && isThrottled(request.world, account, request.now)) return tooManyRequests
  if (
    account === undefined ||
    !checkPassword(request.world, account, textField(form, "password") ?? "", request.now)
  )
    return oauthError(401, "invalid_grant", "Invalid username or password")
  const code = header(request, "2fa-code")
  if (request.world.settings.secondFactor !== "off" && code !== account.pin)
    return code === undefined ? secondFactor(account, 412) : invalidCode
  const clientId = textField(form, "client_id") ?? "android"
  const registration = registerClient(request.world, request.now, account, {
    uniqueId: header(request, "hardware_id") ?? clientId,
    name: header(request, "user-agent") ?? clientId,
    dialect: "oauth",
  })
  registration.verified = true
  const family = `password-${request.world.counters.token}`
  return tokenResponse(
    issueTokens(request.world, registration, family, request.now),
    request.world.settings.accessTokenSeconds,
  )
}

const tokenEndpoint = (request: RouteRequest): HttpResponse => {
  const form = bodyFields(request)
  switch (textField(form, "grant_type")) {
    case "authorization_code":
      return exchangeCode(request, form)
    case "refresh_token":
      return refreshTokens(request, form)
    case "password":
      return request.world.settings.withdrawnCalls === "all_tokens"
        ? passwordGrant(request, form)
        : oauthError(400, "unsupported_grant_type")
    default:
      return oauthError(400, "unsupported_grant_type")
  }
}

/** OAuth sign-in: authorization code with PKCE for the clients `ios` and `android`. */
export const oauthRoutes: ReadonlyArray<Route> = [
  publicRoute("GET /oauth/v2/authorize", {}, (request) =>
    request.query.size === 0 ? finishAuthorization(request) : startAuthorization(request),
  ),
  publicRoute("GET /oauth/v2/signin", {}, (request) => {
    const signIn = signInOf(request) ?? newSignIn(request, {})
    return html(signInPage(signIn.csrf), 200, sessionCookies(signIn))
  }),
  publicRoute("POST /oauth/v2/signin", {}, signInWithPassword),
  publicRoute("POST /oauth/v2/2fa/verify", {}, verifyCode),
  publicRoute("POST /oauth/token", {}, tokenEndpoint),
]
