import { createHash } from "node:crypto"
import { type Answer, html, json, redirect, text } from "../http/Answer.ts"
import { type Ask, cookies, field, fields, header } from "../http/Ask.ts"
import { open, type Route } from "../http/Route.ts"
import { textFrom } from "../world/seed.ts"
import {
  checkPassword,
  findAccount,
  isThrottled,
  issueTokens,
  register,
  revokeFamily,
} from "../world/signIn.ts"
import type { Account, SignIn } from "../world/World.ts"

const cookieName = "oauth-session"
const codeLife = 10 * 60_000

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
const oauthError = (status: number, error: string, description?: string): Answer =>
  json(description === undefined ? { error } : { error, error_description: description }, status)

const wrongCode = json({ error: "Verification Code is invalid or expired" }, 400)

const invalidGrant = (description: string) => oauthError(400, "invalid_grant", description)

export const tooManyRequests = json(
  { error: "too_many_requests", error_description: "Too many attempts. Try again later." },
  429,
)

const newSignIn = (ask: Ask, parameters: Record<string, string>): SignIn => {
  const id = textFrom(ask.world.seed, `sign-in/${ask.world.counters.token++}`, 32)
  const signIn: SignIn = {
    id,
    csrf: textFrom(ask.world.seed, `csrf/${id}`, 40),
    startedAt: ask.now,
    clientId: parameters["client_id"] ?? "",
    redirectUri: parameters["redirect_uri"] ?? "",
    challenge: parameters["code_challenge"] ?? "",
    state: parameters["state"] ?? null,
    hardwareId: parameters["hardware_id"] ?? id,
    account: null,
    stage: "password",
    wrongCodes: 0,
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

const signInOf = (ask: Ask): SignIn | undefined => ask.world.signIns.get(cookies(ask)[cookieName] ?? "")

const signInPath = "/oauth/v2/signin"

const start = (ask: Ask): Answer => {
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
const finish = (ask: Ask): Answer => {
  const signIn = signInOf(ask)
  if (signIn === undefined) return emptyCookies
  if (signIn.stage !== "done" || signIn.account === null || signIn.redirectUri === "")
    return redirect(signInPath)
  const code = textFrom(ask.world.seed, `code/${ask.world.counters.token++}`, 43)
  ask.world.codes.set(code, { signIn, account: signIn.account, issuedAt: ask.now, used: false })
  const query = new URLSearchParams({ code, ...(signIn.state === null ? {} : { state: signIn.state }) })
  return redirect(`${signIn.redirectUri}?${query.toString()}`)
}

const page = (csrf: string): string => `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Sign in</title></head>
<body>
<div id="root"></div>
<script id="oauth-args" type="application/json">${JSON.stringify({ "csrf-token": csrf })}</script>
</body>
</html>
`

const secondFactor = (account: Account, status: 202 | 412): Answer =>
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

const signInWithPassword = (ask: Ask): Answer => {
  const signIn = signInOf(ask)
  if (signIn === undefined) return emptyCookies
  const form = fields(ask)
  if (field(form, "csrf-token") !== signIn.csrf) return oauthError(403, "invalid_csrf_token")
  const account = findAccount(ask.world, field(form, "username") ?? "")
  if (account !== undefined && isThrottled(ask.world, account, ask.now)) return tooManyRequests
  if (account === undefined || !checkPassword(ask.world, account, field(form, "password") ?? "", ask.now)) {
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

const verifyCode = (ask: Ask): Answer => {
  const signIn = signInOf(ask)
  if (signIn === undefined) return emptyCookies
  const form = fields(ask)
  if (field(form, "csrf-token") !== signIn.csrf) return oauthError(403, "invalid_csrf_token")
  if (signIn.stage !== "code" || signIn.account === null)
    return oauthError(400, "bad_request", "No code was sent")
  const expired = ask.now > signIn.codeSentAt + codeLife || signIn.wrongCodes >= wrongCodesAllowed
  if (expired || field(form, "2fa_code") !== signIn.account.pin) {
    signIn.wrongCodes += 1
    return wrongCode
  }
  signIn.stage = "done"
  signIn.remember = field(form, "remember_me") === "true"
  return json(
    { redirect_url: "/oauth/v2/authorize", status: "auth-completed", user_id: signIn.account.userId },
    201,
  )
}

const wrongCodesAllowed = 5

const tokenAnswer = (tokens: ReturnType<typeof issueTokens>, expiresIn: number): Answer =>
  json({
    access_token: tokens.access.token,
    expires_in: expiresIn,
    refresh_token: tokens.refresh.token,
    scope: "client",
    token_type: "Bearer",
  })

const exchange = (ask: Ask, form: Record<string, unknown>): Answer => {
  const code = ask.world.codes.get(field(form, "code") ?? "")
  if (code === undefined || ask.now > code.issuedAt + codeLife)
    return invalidGrant("Invalid authorization code")
  const family = `code-${field(form, "code") ?? ""}`
  if (code.used) {
    revokeFamily(ask.world, family)
    return invalidGrant("Authorization code was already used")
  }
  const { signIn, account } = code
  if (field(form, "client_id") !== signIn.clientId) return oauthError(400, "invalid_client")
  if (field(form, "redirect_uri") !== signIn.redirectUri) return invalidGrant("redirect_uri does not match")
  const challenge = createHash("sha256")
    .update(field(form, "code_verifier") ?? "")
    .digest("base64url")
  if (challenge !== signIn.challenge) return invalidGrant("PKCE verification failed")
  code.used = true
  ask.world.signIns.delete(signIn.id)
  const registration = register(ask.world, ask.now, account, {
    uniqueId: signIn.hardwareId,
    name: header(ask, "user-agent") ?? signIn.clientId,
    dialect: "oauth",
  })
  registration.verified ||= !ask.world.settings.verifiesClients
  registration.trusted ||= signIn.remember
  return tokenAnswer(
    issueTokens(ask.world, registration, family, ask.now),
    ask.world.settings.accessTokenSeconds,
  )
}

/** Every refresh token works once, for whichever client id asks. */
const refresh = (ask: Ask, form: Record<string, unknown>): Answer => {
  if (callbacks[field(form, "client_id") ?? ""] === undefined) return oauthError(401, "invalid_client")
  const token = ask.world.refreshTokens.get(field(form, "refresh_token") ?? "")
  if (token === undefined || token.revoked || token.expiresAt <= ask.now || token.registration.removed) {
    return invalidGrant("Invalid refresh token")
  }
  if (token.used) {
    revokeFamily(ask.world, token.family)
    return invalidGrant("Invalid refresh token")
  }
  token.used = true
  token.registration.updatedAt = ask.now
  return tokenAnswer(
    issueTokens(ask.world, token.registration, token.family, ask.now),
    ask.world.settings.accessTokenSeconds,
  )
}

/** How clients signed in for two months of late 2025: all in one request, which comes again with the code in a header. */
const byPassword = (ask: Ask, form: Record<string, unknown>): Answer => {
  const account = findAccount(ask.world, field(form, "username") ?? "")
  if (account !== undefined && isThrottled(ask.world, account, ask.now)) return tooManyRequests
  if (account === undefined || !checkPassword(ask.world, account, field(form, "password") ?? "", ask.now))
    return oauthError(401, "invalid_grant", "Invalid username or password")
  const code = header(ask, "2fa-code")
  if (ask.world.settings.secondFactor !== "off" && code !== account.pin)
    return code === undefined ? secondFactor(account, 412) : wrongCode
  const clientId = field(form, "client_id") ?? "android"
  const registration = register(ask.world, ask.now, account, {
    uniqueId: header(ask, "hardware_id") ?? clientId,
    name: header(ask, "user-agent") ?? clientId,
    dialect: "oauth",
  })
  registration.verified = true
  const family = `password-${ask.world.counters.token}`
  return tokenAnswer(
    issueTokens(ask.world, registration, family, ask.now),
    ask.world.settings.accessTokenSeconds,
  )
}

const token = (ask: Ask): Answer => {
  const form = fields(ask)
  switch (field(form, "grant_type")) {
    case "authorization_code":
      return exchange(ask, form)
    case "refresh_token":
      return refresh(ask, form)
    case "password":
      return ask.world.settings.gate === "off"
        ? byPassword(ask, form)
        : oauthError(400, "unsupported_grant_type")
    default:
      return oauthError(400, "unsupported_grant_type")
  }
}

/** Sign-in of today: authorization code with PKCE, in the profiles `ios` and `android`. */
export const oauthRoutes: ReadonlyArray<Route> = [
  open("GET /oauth/v2/authorize", {}, (ask) => (ask.query.size === 0 ? finish(ask) : start(ask))),
  open("GET /oauth/v2/signin", {}, (ask) => {
    const signIn = signInOf(ask) ?? newSignIn(ask, {})
    return html(page(signIn.csrf), 200, sessionCookies(signIn))
  }),
  open("POST /oauth/v2/signin", {}, signInWithPassword),
  open("POST /oauth/v2/2fa/verify", {}, verifyCode),
  open("POST /oauth/token", {}, token),
]
