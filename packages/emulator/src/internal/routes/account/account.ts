import { json } from "../../http/HttpResponse.ts"
import { header } from "../../http/RouteRequest.ts"
import { accountRoute, type AccountRequest, publicRoute, type Route } from "../../http/Route.ts"
import { homescreen } from "../../wire/homescreen.ts"
import { tier } from "../../wire/mediaPath.ts"
import { removeRegistration } from "../../world/signIn.ts"

const phone = { number: "+1******0171", last_4_digits: "0171", country_calling_code: "1", valid: true }

const accountInfo = ({ account, session }: AccountRequest) => ({
  account_id: account.id,
  client_id: session.registration.id,
  country: "US",
  new_account: false,
  tier,
  region: "us",
  account_verification_required: false,
  phone_verification_required: false,
  client_verification_required: !session.registration.verified,
  verification_channel: "phone",
  country_required: false,
  user: { user_id: account.userId, country: "US" },
})

/** Headers with the ids that a client needs to sign out. */
const idHeaders = ({ account, session }: AccountRequest) => ({
  "client-id": String(session.registration.id),
  "user-id": String(account.userId),
  "client-verified": String(session.registration.verified),
})

const logout = (request: AccountRequest) => {
  removeRegistration(request.world, request.session.registration)
  return json({ message: "logout" })
}

const regions = (locale: string | null) => ({
  mode: "manual",
  preferred: locale === "DE" ? "e002" : `us${tier}`,
  regions: {
    [`us${tier}`]: { display_order: 1, dns: tier, friendly_name: "United States - EAST", registration: true },
    usu019: { display_order: 2, dns: "u019", friendly_name: "United States - CENTRAL", registration: true },
    e002: { display_order: 3, dns: "e002", friendly_name: "Europe", registration: true },
    sg: { display_order: 4, dns: "prsg", friendly_name: "Southeast Asia", registration: true },
  },
})

/** Regions as the hosts of the form `rest.prod` returned them. */
const legacyRegions = {
  preferred: "us",
  regions: {
    us: { dns: "prod", friendly_name: "United States", registration: true },
    eu: { dns: "prde", friendly_name: "Europe", registration: true },
    au: { dns: "a001", friendly_name: "Australia", registration: true },
    sg: { dns: "prsg", friendly_name: "Southeast Asia", registration: true },
  },
}

export const accountRoutes: ReadonlyArray<Route> = [
  accountRoute("GET /api/v1/users/tier_info", { allowUnverified: true }, (request) =>
    json({ tier, account_id: request.account.id }),
  ),
  accountRoute("GET /api/v2/users/info", { allowUnverified: true }, (request) =>
    json({
      ...accountInfo(request),
      require_trust_client_device: false,
      amazon_account_linked: false,
      email: request.account.email,
      phone,
      ring_user_id: request.account.userId + 100_000_000,
    }),
  ),
  accountRoute("GET /api/v1/accounts/:account/info", { allowUnverified: true }, (request) =>
    json(accountInfo(request)),
  ),
  accountRoute(
    "GET /api/v3/accounts/:account/homescreen",
    { evidence: "live", allowUnverified: true },
    (request) => json(homescreen(request.account, request.now, 3), 200, idHeaders(request)),
  ),
  accountRoute(
    "GET /api/v4/accounts/:account/homescreen",
    { evidence: "client", allowUnverified: true },
    (request) => json(homescreen(request.account, request.now, 4), 200, idHeaders(request)),
  ),
  accountRoute("POST /api/v4/account/:account/client/:client/logout", { allowUnverified: true }, logout),
  accountRoute("POST /api/v4/clients/:client/logout", { evidence: "app", allowUnverified: true }, logout),
  publicRoute("GET /regions", { dialect: "both", evidence: "live" }, (request) =>
    json(
      /^rest\.\w+\./.test(header(request, "host") ?? "")
        ? legacyRegions
        : regions(request.query.get("locale")),
    ),
  ),
]
