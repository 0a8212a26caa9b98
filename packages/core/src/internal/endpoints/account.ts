import { Schema } from "effect"
import { endpoint } from "./Endpoint.ts"
import {
  AccountOptionsResponse,
  AccountStatus,
  ClientOptions,
  Countries,
  DeviceIdentity,
  Entitlements,
  FeatureFlags,
  LogRow,
  LoginResponse,
  NotificationFlags,
  PinResponse,
  Plans,
  Preferences,
  Regions,
  Registrations,
  ServiceStatus,
  TierInfo,
  UpdatedRegistration,
  User,
  UserInfo,
  Version,
  VideoOptions,
} from "../wire/account.ts"
import { Anything } from "../wire/fields.ts"
import { Message } from "../wire/command.ts"

const Pin = Schema.Struct({ pin: Schema.String, trusted: Schema.Boolean })
const NotificationKey = Schema.Struct({ notification_key: Schema.String })

/** Account, client registrations and settings. */
export const account = {
  tierInfo: endpoint("tierInfo", "GET", "/api/v1/users/tier_info", {
    summary: "Account id and tier of the token.",
    response: TierInfo,
  }),
  userInfo: endpoint("userInfo", "GET", "/api/v2/users/info", {
    summary: "Client registration id and pending verifications.",
    response: UserInfo,
  }),
  accountInfo: endpoint("accountInfo", "GET", "/api/v1/accounts/{account}/info", {
    summary: "`userInfo` by account.",
    response: UserInfo,
  }),
  user: endpoint("user", "GET", "/user", {
    dialect: "both",
    summary: "Settings of the user, including the temperature unit.",
    response: User,
  }),
  accountStatus: endpoint("accountStatus", "GET", "/api/v3/account/{account}/status", {
    summary: "Verification state of account and registration.",
    response: AccountStatus,
  }),
  resendPin: endpoint("resendPin", "POST", "/api/v5/clients/{registration}/client_verification/pin/resend", {
    summary: "Sends another code for this registration.",
    response: PinResponse,
  }),
  verifyPin: endpoint("verifyPin", "POST", "/api/v5/clients/{registration}/client_verification/pin/verify", {
    summary: "Verifies this registration.",
    body: Pin,
    response: PinResponse,
  }),
  logout: endpoint("logout", "POST", "/api/v4/account/{account}/client/{registration}/logout", {
    dialect: "both",
    summary: "Ends the session of a registration. The path is singular.",
    response: Message,
  }),
  logoutOfUser: endpoint("logoutOfUser", "POST", "/api/v4/clients/{registration}/logout", {
    summary: "`logout`, at the path that newer apps use.",
    response: Message,
  }),
  resendUserPin: endpoint("resendUserPin", "POST", "/api/v4/users/pin/resend", {
    summary: "Sends another code for the account itself.",
    response: PinResponse,
  }),
  verifyUserPin: endpoint("verifyUserPin", "POST", "/api/v4/users/pin/verify", {
    summary: "Verifies the account itself.",
    body: Pin,
    response: PinResponse,
  }),
  resendClientPin: endpoint("resendClientPin", "POST", "/api/v4/clients/{registration}/pin/resend", {
    summary: "Sends another code for this registration, at the path of an older app.",
    response: PinResponse,
  }),
  verifyClientPin: endpoint("verifyClientPin", "POST", "/api/v4/clients/{registration}/pin/verify", {
    summary: "Verifies this registration, at the path of an older app.",
    body: Pin,
    response: PinResponse,
  }),
  accountOptions: endpoint("accountOptions", "GET", "/api/v1/account/options", {
    summary: "Flags of the account.",
    response: AccountOptionsResponse,
  }),
  setVideoOptions: endpoint("setVideoOptions", "POST", "/api/v1/account/video_options", {
    summary: "Days after which clips are deleted: 3, 7, 14, 30 or 60.",
    body: Schema.Struct({ auto_purge_days: Schema.Int }),
    response: VideoOptions,
  }),
  notifications: endpoint("notifications", "GET", "/api/v1/accounts/{account}/notifications/configuration", {
    summary: "Notification settings of the app.",
    response: NotificationFlags,
  }),
  setNotifications: endpoint(
    "setNotifications",
    "POST",
    "/api/v1/accounts/{account}/notifications/configuration",
    {
      summary: "Changes notification settings.",
      body: Schema.Struct({ notifications: Schema.Record(Schema.String, Schema.Boolean) }),
      response: NotificationFlags,
    },
  ),
  clientOptions: endpoint(
    "clientOptions",
    "GET",
    "/api/v1/accounts/{account}/clients/{registration}/options",
    {
      summary: "Options that this registration has stored.",
      response: ClientOptions,
    },
  ),
  updateClient: endpoint("updateClient", "POST", "/client/{registration}/update", {
    summary: "Sets the key for push notifications.",
    body: NotificationKey,
    response: UpdatedRegistration,
  }),
  updateClientOfUser: endpoint("updateClientOfUser", "POST", "/clients/{registration}/update", {
    summary: "`updateClient`, at the path that newer apps use.",
    body: NotificationKey,
    response: UpdatedRegistration,
  }),
  clientOptionsOfUser: endpoint("clientOptionsOfUser", "GET", "/api/v1/clients/{registration}/options", {
    summary: "`clientOptions`, at the path that newer apps use.",
    response: ClientOptions,
  }),
  setClientOptions: endpoint("setClientOptions", "POST", "/api/v1/clients/{registration}/options", {
    summary: "Stores options of this registration, as base64 of JSON.",
    body: Schema.Struct({ options: Schema.String }),
    response: ClientOptions,
  }),
  userOptions: endpoint("userOptions", "GET", "/api/v1/users/options", {
    summary: "`accountOptions`, at the path that newer apps use.",
    response: AccountOptionsResponse,
  }),
  preferences: endpoint("preferences", "GET", "/api/v1/notifications/preferences", {
    summary: "Consent to advertisements.",
    response: Preferences,
  }),
  setPreferences: endpoint("setPreferences", "POST", "/api/v1/notifications/preferences", {
    summary: "Changes the consent to advertisements.",
    body: Schema.Struct({ marketing: Schema.Boolean }),
    response: Preferences,
  }),
  featureFlags: endpoint("featureFlags", "GET", "/api/v1/accounts/{account}/feature_flags/enabled", {
    summary: "Features that are enabled for this account.",
    response: FeatureFlags,
  }),
  entitlements: endpoint("entitlements", "GET", "/api/v2/accounts/{account}/subscriptions/entitlements", {
    summary: "Features of the account's plan, by device.",
    response: Entitlements,
  }),
  plans: endpoint("plans", "GET", "/api/v4/accounts/{account}/subscriptions/plans", {
    summary: "The account's plans.",
    response: Plans,
  }),
  supportPhone: endpoint("supportPhone", "GET", "/api/v2/support/ob_phone", {
    summary: "Support phone number during setup. Seen empty only.",
    response: Anything,
  }),
  countries: endpoint("countries", "GET", "/api/v1/countries", {
    summary: "Countries of accounts.",
    unauthenticated: true,
    response: Countries,
  }),
  serviceStatus: endpoint("serviceStatus", "GET", "/api/v1/{tier}", {
    dialect: "both",
    summary: "Service status of a tier, from a public page.",
    unauthenticated: true,
    host: "status",
    response: ServiceStatus,
  }),
  identifyAnyDevice: endpoint("identifyAnyDevice", "GET", "/api/v2/devices/identify/{serial}", {
    summary: "`identifyDevice` without the account.",
    response: DeviceIdentity,
  }),
  identifyDevice: endpoint("identifyDevice", "GET", "/api/v2/accounts/{account}/devices/identify/{serial}", {
    summary: "Device type of a serial number.",
    response: DeviceIdentity,
  }),
  uploadLogs: endpoint("uploadLogs", "POST", "/app/logs/upload", {
    summary: "Uploads a log of the app.",
    body: Schema.Record(Schema.String, Schema.Json),
    response: LogRow,
  }),
  regions: endpoint("regions", "GET", "/regions", {
    dialect: "both",
    summary: "Regions by name; `dns` is the tier.",
    unauthenticated: true,
    query: Schema.Struct({ locale: Schema.String }),
    response: Regions,
  }),
  version: endpoint("version", "GET", "/api/v1/version", {
    dialect: "both",
    summary: "Version check: code 105 when the vendor requires a newer app.",
    unauthenticated: true,
    successCodes: [105],
    response: Version,
  }),
}

const panel = "/api/v1/clients/{registration}/control_panel"
const panelOfAccount = "/api/v1/accounts/{account}/clients/{registration}/control_panel"
const PanelPin = Schema.Struct({ pin: Schema.String })
const RemovedClient = Schema.Struct({ client_id: Schema.Int })

/** List of registered clients, behind a code of its own: request a code, verify it, then read the list. */
export const controlPanel = {
  requestPanelPin: endpoint("requestPanelPin", "POST", `${panel}/request_pin`, {
    summary: "Sends the code that unlocks the list of registrations.",
    response: PinResponse,
  }),
  resendPanelPin: endpoint("resendPanelPin", "POST", `${panel}/pin/resend`, {
    summary: "Sends another code for the list of registrations.",
    response: PinResponse,
  }),
  verifyPanelPin: endpoint("verifyPanelPin", "POST", `${panel}/pin/verify`, {
    summary: "Unlocks the list of registrations.",
    body: PanelPin,
    response: PinResponse,
  }),
  registrations: endpoint("registrations", "GET", `${panel}/clients`, {
    summary: "Clients that have signed in to this account.",
    response: Registrations,
  }),
  removeRegistration: endpoint("removeRegistration", "POST", `${panel}/delete`, {
    summary: "Ends a registration's session and removes it from the list.",
    body: RemovedClient,
    response: Message,
  }),
  requestPanelPinOfAccount: endpoint("requestPanelPinOfAccount", "POST", `${panelOfAccount}/request_pin`, {
    summary: "`requestPanelPin` by account.",
    response: PinResponse,
  }),
  resendPanelPinOfAccount: endpoint("resendPanelPinOfAccount", "POST", `${panelOfAccount}/pin/resend`, {
    summary: "`resendPanelPin` by account.",
    response: PinResponse,
  }),
  verifyPanelPinOfAccount: endpoint("verifyPanelPinOfAccount", "POST", `${panelOfAccount}/pin/verify`, {
    summary: "`verifyPanelPin` by account.",
    body: PanelPin,
    response: PinResponse,
  }),
  registrationsOfAccount: endpoint("registrationsOfAccount", "GET", `${panelOfAccount}/clients`, {
    summary: "`registrations` by account.",
    response: Registrations,
  }),
  removeRegistrationOfAccount: endpoint("removeRegistrationOfAccount", "POST", `${panelOfAccount}/delete`, {
    summary: "`removeRegistration` by account.",
    body: RemovedClient,
    response: Message,
  }),
}

/** Logins after the first one of the legacy API, each closed by the vendor in turn. */
const AppLogin = Schema.Struct({
  email: Schema.String,
  password: Schema.String,
  unique_id: Schema.optionalKey(Schema.String),
  client_name: Schema.optionalKey(Schema.String),
  client_type: Schema.optionalKey(Schema.String),
  client_specifier: Schema.optionalKey(Schema.String),
  device_identifier: Schema.optionalKey(Schema.String),
  app_version: Schema.optionalKey(Schema.String),
  os_version: Schema.optionalKey(Schema.String),
  notification_key: Schema.optionalKey(Schema.String),
  reauth: Schema.optionalKey(Schema.String),
})

const login = <const Path extends string>(id: string, path: Path, summary: string) =>
  endpoint(id, "POST", path, {
    dialect: "legacy",
    summary,
    unauthenticated: true,
    priority: "command",
    body: AppLogin,
    response: LoginResponse,
  })

export const legacyAccount = {
  login: endpoint("legacyLogin", "POST", "/login", {
    dialect: "legacy",
    summary: "Signs in; `auth.token` is the `TOKEN_AUTH`. Closed by the vendor since 2025.",
    unauthenticated: true,
    form: true,
    body: Schema.Struct({ email: Schema.String, password: Schema.String, client_specifier: Schema.String }),
    response: LoginResponse,
  }),
  loginV2: login("legacyLoginV2", "/api/v2/login", "The login of 2017 to 2019, without a code."),
  loginV3: login("legacyLoginV3", "/api/v3/login", "The login that was closed in July 2020."),
  loginV4: login(
    "legacyLoginV4",
    "/api/v4/account/login",
    "The login that was closed in March 2021; asks for a code.",
  ),
  loginV5: login("legacyLoginV5", "/api/v5/account/login", "The login that was closed in October 2025."),
  verifyPinV3: endpoint(
    "legacyVerifyPinV3",
    "POST",
    "/api/v3/account/{account}/client/{registration}/pin/verify",
    {
      dialect: "legacy",
      summary: "Verifies this registration, at the path of 2020.",
      body: PanelPin,
      response: PinResponse,
    },
  ),
  resendPinV3: endpoint(
    "legacyResendPinV3",
    "POST",
    "/api/v3/account/{account}/client/{registration}/pin/resend",
    {
      dialect: "legacy",
      summary: "Sends another code, at the path of 2020.",
      response: PinResponse,
    },
  ),
  verifyPin: endpoint(
    "legacyVerifyPin",
    "POST",
    "/api/v4/account/{account}/client/{registration}/pin/verify",
    {
      dialect: "legacy",
      summary: "Verifies this registration.",
      body: Schema.Struct({ pin: Schema.String }),
      response: PinResponse,
    },
  ),
  resendPin: endpoint(
    "legacyResendPin",
    "POST",
    "/api/v4/account/{account}/client/{registration}/pin/resend",
    {
      dialect: "legacy",
      summary: "Sends another code.",
      response: PinResponse,
    },
  ),
  registrations: endpoint("legacyRegistrations", "GET", "/account/clients", {
    dialect: "legacy",
    summary: "Clients that have signed in to this account.",
    response: Registrations,
  }),
  health: endpoint("legacyHealth", "GET", "/health", {
    dialect: "legacy",
    summary: "Documented as not working in the first description of the legacy API; no response is known.",
    unauthenticated: true,
    response: Anything,
  }),
}
