import { type HttpResponse, json, updateRequired } from "../../http/HttpResponse.ts"
import { type RouteRequest, textField, bodyFields, header } from "../../http/RouteRequest.ts"
import { accountRoute, publicRoute, type Route } from "../../http/Route.ts"
import { tier } from "../../wire/mediaPath.ts"
import {
  checkPassword,
  findAccount,
  isThrottled,
  registerClient,
  startLegacySession,
} from "../../world/signIn.ts"
import { seededHex } from "../../world/seed.ts"
import { resendPin, verifyPin } from "./pin.ts"
import type { Account, Registration, Session } from "../../world/World.ts"

const invalidCredentials = json({ message: "Invalid credentials", code: 200 }, 401)

/** Response to a removed client. Only a sign-in without `reauth` registers it again. */
const clientDeleted = json(
  {
    allow_pin_resend_seconds: 90,
    code: 242,
    force_password_reset: false,
    lockout_time_remaining: 0,
    message: "Client already deleted. Please re-login",
  },
  401,
)

const lockedOut = (account: Account, now: number): HttpResponse =>
  json(
    {
      message: "Too many login attempts, please try again later",
      lockout_time_remaining: Math.max(0, Math.ceil((account.lockedUntil - now) / 1000)),
    },
    429,
  )

interface LoginResult {
  readonly account: Account
  readonly registration: Registration
  readonly session: Session
}

/** Handler that checks the password, registers the install and starts a session. `shape` is the body of the response. */
const login =
  (options: {
    readonly pin: boolean
    readonly shape: (request: RouteRequest, granted: LoginResult) => unknown
  }) =>
  (request: RouteRequest): HttpResponse => {
    if (request.world.settings.withdrawnCalls === "closed") return updateRequired(426)
    const values = bodyFields(request)
    const account = findAccount(request.world, textField(values, "email") ?? "")
    if (account === undefined) return invalidCredentials
    if (isThrottled(request.world, account, request.now)) return lockedOut(account, request.now)
    if (!checkPassword(request.world, account, textField(values, "password") ?? "", request.now))
      return invalidCredentials
    const newest = account.registrations.findLast(
      ({ uniqueId }) => uniqueId === textField(values, "unique_id"),
    )
    if (newest?.removedByUser === true && textField(values, "reauth") === "true") return clientDeleted
    const name = textField(values, "client_specifier") ?? textField(values, "client_name") ?? "unknown"
    const registration = registerClient(request.world, request.now, account, {
      uniqueId: textField(values, "unique_id") ?? name,
      name,
      dialect: "legacy",
    })
    // clients that send no install id are older than the PIN and never needed one
    const needsPin = options.pin && values["unique_id"] !== undefined
    registration.verified ||= !needsPin || request.world.settings.secondFactor === "off"
    const session = startLegacySession(request.world, registration, request.now)
    return json(options.shape(request, { account, registration, session }))
  }

const phone = { number: "+1******0171", last_4_digits: "0171", country_calling_code: "1", valid: true }

/** Response of v5 and, in the legacy API document, of `/login`. */
const accountShape = ({ world }: RouteRequest, { account, registration, session }: LoginResult) => ({
  account: {
    account_id: account.id,
    country: "US",
    user_id: account.userId,
    client_id: registration.id,
    client_trusted: registration.verified,
    new_account: false,
    tier,
    region: "us",
    account_verification_required: false,
    phone_verification_required: false,
    client_verification_required: !registration.verified,
    require_trust_client_device: true,
    country_required: false,
    verification_channel: "phone",
    user: { user_id: account.userId, country: "US" },
    amazon_account_linked: false,
    braze_external_id: seededHex(world.seed, `braze/${account.id}`, 64),
  },
  auth: { token: session.token },
  phone,
  verification: { email: { required: false }, phone: { required: !registration.verified, channel: "sms" } },
  lockout_time_remaining: 0,
  force_password_reset: false,
  allow_pin_resend_seconds: 90,
})

const networksOf = (account: Account) =>
  Object.fromEntries(
    account.networks.map(({ id, name, syncModule }) => [
      String(id),
      { name, onboarded: syncModule !== null },
    ]),
  )

/** Response for clients of 2016 to 2019. The only key of `region` is the tier. */
const shapeOf2016 = (_ask: RouteRequest, { account, session }: LoginResult) => ({
  authtoken: { authtoken: session.token, message: "auth" },
  networks: networksOf(account),
  region: { [tier]: "United States" },
})

const v3Shape = (request: RouteRequest, granted: LoginResult) => ({
  ...shapeOf2016(request, granted),
  account: { id: granted.account.id, verification_required: false },
  client: { id: granted.registration.id, verification_required: !granted.registration.verified },
})

const v4Shape = (_ask: RouteRequest, { account, registration, session }: LoginResult) => ({
  account: { id: account.id, new_account: false, verification_required: false },
  allow_pin_resend_seconds: 60,
  authtoken: { authtoken: session.token, message: "auth" },
  client: { id: registration.id, verification_required: !registration.verified },
  force_password_reset: false,
  lockout_time_remaining: 0,
  region: { code: "us", description: "United States", tier },
})

/** `/login`: forms, as in the legacy API document, and JSON, as from clients of 2016, get different responses. */
const legacyLogin = (request: RouteRequest): HttpResponse => {
  const isJson = (header(request, "content-type") ?? "").includes("json")
  return login({ pin: false, shape: isJson ? shapeOf2016 : accountShape })(request)
}

const legacy = { dialect: "legacy", evidence: "live" } as const
const pinPaths = [
  { path: "/api/v3/account/:account/client/:client/pin", options: { dialect: "legacy", evidence: "client" } },
  { path: "/api/v4/account/:account/client/:client/pin", options: legacy },
  {
    path: "/api/v5/accounts/:account/users/:user/clients/:client/client_verification/pin",
    options: { dialect: "legacy", evidence: "client" },
  },
  { path: "/api/v5/clients/:client/client_verification/pin", options: { evidence: "app" } },
  { path: "/api/v4/users/pin", options: { evidence: "app" } },
  { path: "/api/v4/clients/:client/pin", options: { evidence: "app" } },
] as const

/** Logins by password alone. The real cloud has closed them; the setting `withdrawnCalls: "closed"` does the same. */
export const legacyLoginRoutes: ReadonlyArray<Route> = [
  publicRoute("POST /login", { dialect: "legacy", evidence: "document" }, legacyLogin),
  publicRoute("POST /api/v2/login", legacy, login({ pin: false, shape: shapeOf2016 })),
  publicRoute("POST /api/v3/login", legacy, login({ pin: false, shape: v3Shape })),
  publicRoute("POST /api/v4/account/login", legacy, login({ pin: true, shape: v4Shape })),
  publicRoute("POST /api/v5/account/login", legacy, login({ pin: true, shape: accountShape })),
  ...pinPaths.flatMap(({ path, options }) => [
    accountRoute(`POST ${path}/verify`, { ...options, allowUnverified: true }, verifyPin),
    accountRoute(`POST ${path}/resend`, { ...options, allowUnverified: true }, resendPin),
  ]),
]
