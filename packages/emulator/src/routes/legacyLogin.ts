import { type Answer, json, updateRequired } from "../http/Answer.ts"
import { type Ask, field, fields, header } from "../http/Ask.ts"
import { account, open, type Route } from "../http/Route.ts"
import { tier } from "../wire/address.ts"
import { checkPassword, findAccount, isThrottled, register, startLegacySession } from "../world/signIn.ts"
import { hexFrom } from "../world/seed.ts"
import { pinSent, verifyPin } from "./pin.ts"
import type { Account, Registration, Session } from "../world/World.ts"

const wrongPassword = json({ message: "Invalid credentials", code: 200 }, 401)

/** Only a full sign-in, without `reauth`, makes a new client of one that was struck off. */
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

const lockedOut = (account: Account, now: number): Answer =>
  json(
    {
      message: "Too many login attempts, please try again later",
      lockout_time_remaining: Math.max(0, Math.ceil((account.lockedUntil - now) / 1000)),
    },
    429,
  )

interface Granted {
  readonly account: Account
  readonly registration: Registration
  readonly session: Session
}

/** Checks the password, registers the install and starts a session; each login has its own way to say so. */
const login =
  (options: { readonly pin: boolean; readonly shape: (ask: Ask, granted: Granted) => unknown }) =>
  (ask: Ask): Answer => {
    if (ask.world.settings.gate === "all") return updateRequired(426)
    const values = fields(ask)
    const account = findAccount(ask.world, field(values, "email") ?? "")
    if (account === undefined) return wrongPassword
    if (isThrottled(ask.world, account, ask.now)) return lockedOut(account, ask.now)
    if (!checkPassword(ask.world, account, field(values, "password") ?? "", ask.now)) return wrongPassword
    const newest = account.registrations.findLast(({ uniqueId }) => uniqueId === field(values, "unique_id"))
    if (newest?.struckOff === true && field(values, "reauth") === "true") return clientDeleted
    const name = field(values, "client_specifier") ?? field(values, "client_name") ?? "unknown"
    const registration = register(ask.world, ask.now, account, {
      uniqueId: field(values, "unique_id") ?? name,
      name,
      dialect: "legacy",
    })
    // a login that names no install of its own is older than the PIN, and the cloud never asked it for one
    const knowsPin = options.pin && values["unique_id"] !== undefined
    registration.verified ||= !knowsPin || ask.world.settings.secondFactor === "off"
    const session = startLegacySession(ask.world, registration, ask.now)
    return json(options.shape(ask, { account, registration, session }))
  }

const phone = { number: "+1******0171", last_4_digits: "0171", country_calling_code: "1", valid: true }

/** What v5 answered, and the legacy document prints for `/login`. */
const accountShape = ({ world }: Ask, { account, registration, session }: Granted) => ({
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
    braze_external_id: hexFrom(world.seed, `braze/${account.id}`, 64),
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

/** What clients of 2016 to 2019 read: one key of `region` is the tier. */
const oldShape = (_ask: Ask, { account, session }: Granted) => ({
  authtoken: { authtoken: session.token, message: "auth" },
  networks: networksOf(account),
  region: { [tier]: "United States" },
})

const v3Shape = (ask: Ask, granted: Granted) => ({
  ...oldShape(ask, granted),
  account: { id: granted.account.id, verification_required: false },
  client: { id: granted.registration.id, verification_required: !granted.registration.verified },
})

const v4Shape = (_ask: Ask, { account, registration, session }: Granted) => ({
  account: { id: account.id, new_account: false, verification_required: false },
  allow_pin_resend_seconds: 60,
  authtoken: { authtoken: session.token, message: "auth" },
  client: { id: registration.id, verification_required: !registration.verified },
  force_password_reset: false,
  lockout_time_remaining: 0,
  region: { code: "us", description: "United States", tier },
})

/** A form is what the legacy document sends and prints an answer to; JSON is what clients of 2016 sent. */
const oldest = (ask: Ask): Answer => {
  const isJson = (header(ask, "content-type") ?? "").includes("json")
  return login({ pin: false, shape: isJson ? oldShape : accountShape })(ask)
}

const legacy = { dialect: "legacy", evidence: "live" } as const
const pinPaths = [
  { path: "/api/v3/account/:account/client/:client/pin", facts: { dialect: "legacy", evidence: "client" } },
  { path: "/api/v4/account/:account/client/:client/pin", facts: legacy },
  {
    path: "/api/v5/accounts/:account/users/:user/clients/:client/client_verification/pin",
    facts: { dialect: "legacy", evidence: "client" },
  },
  { path: "/api/v5/clients/:client/client_verification/pin", facts: { evidence: "app" } },
  { path: "/api/v4/users/pin", facts: { evidence: "app" } },
  { path: "/api/v4/clients/:client/pin", facts: { evidence: "app" } },
] as const

/** Logins by password alone. Today's cloud has closed all of them; the setting `gate: "all"` closes them here. */
export const legacyLoginRoutes: ReadonlyArray<Route> = [
  open("POST /login", { dialect: "legacy", evidence: "seed" }, oldest),
  open("POST /api/v2/login", legacy, login({ pin: false, shape: oldShape })),
  open("POST /api/v3/login", legacy, login({ pin: false, shape: v3Shape })),
  open("POST /api/v4/account/login", legacy, login({ pin: true, shape: v4Shape })),
  open("POST /api/v5/account/login", legacy, login({ pin: true, shape: accountShape })),
  ...pinPaths.flatMap(({ path, facts }) => [
    account(`POST ${path}/verify`, { ...facts, unverified: true }, verifyPin),
    account(`POST ${path}/resend`, { ...facts, unverified: true }, pinSent),
  ]),
]
