import { Schema } from "effect"
import { endpoint } from "../Endpoint.ts"
import {
  AccountOptions,
  AccountStatus,
  ClientOptions,
  Countries,
  DeviceIdentity,
  Entitlements,
  FeatureFlags,
  LogRow,
  LoginAnswer,
  NotificationFlags,
  PinAnswer,
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
import { Message } from "../wire/receipt.ts"

const Pin = Schema.Struct({ pin: Schema.String, trusted: Schema.Boolean })
const NotificationKey = Schema.Struct({ notification_key: Schema.String })

/** The account, its registrations and its settings. */
export const account = {
  tierInfo: endpoint("tierInfo", "GET", "/api/v1/users/tier_info", {
    summary: "Which account this is, and which tier serves it.",
    answer: TierInfo,
  }),
  userInfo: endpoint("userInfo", "GET", "/api/v2/users/info", {
    summary: "The registration's id and what still has to be verified.",
    answer: UserInfo,
  }),
  accountInfo: endpoint("accountInfo", "GET", "/api/v1/accounts/{account}/info", {
    summary: "What `userInfo` tells, by account.",
    answer: UserInfo,
  }),
  user: endpoint("user", "GET", "/user", {
    dialect: "both",
    summary: "The user's own settings, with the unit of temperatures.",
    answer: User,
  }),
  accountStatus: endpoint("accountStatus", "GET", "/api/v3/account/{account}/status", {
    summary: "Whether account and registration are verified.",
    answer: AccountStatus,
  }),
  resendPin: endpoint("resendPin", "POST", "/api/v5/clients/{registration}/client_verification/pin/resend", {
    summary: "Sends another code for this registration.",
    answer: PinAnswer,
  }),
  verifyPin: endpoint("verifyPin", "POST", "/api/v5/clients/{registration}/client_verification/pin/verify", {
    summary: "Verifies this registration.",
    body: Pin,
    answer: PinAnswer,
  }),
  logout: endpoint("logout", "POST", "/api/v4/account/{account}/client/{registration}/logout", {
    dialect: "both",
    summary: "Ends a registration's session. The path is singular.",
    answer: Message,
  }),
  logoutOfUser: endpoint("logoutOfUser", "POST", "/api/v4/clients/{registration}/logout", {
    summary: "The same, at the path that newer apps use.",
    answer: Message,
  }),
  resendUserPin: endpoint("resendUserPin", "POST", "/api/v4/users/pin/resend", {
    summary: "Sends another code for the account itself.",
    answer: PinAnswer,
  }),
  verifyUserPin: endpoint("verifyUserPin", "POST", "/api/v4/users/pin/verify", {
    summary: "Verifies the account itself.",
    body: Pin,
    answer: PinAnswer,
  }),
  resendClientPin: endpoint("resendClientPin", "POST", "/api/v4/clients/{registration}/pin/resend", {
    summary: "Sends another code for this registration, at the path of an app before.",
    answer: PinAnswer,
  }),
  verifyClientPin: endpoint("verifyClientPin", "POST", "/api/v4/clients/{registration}/pin/verify", {
    summary: "Verifies this registration, at the path of an app before.",
    body: Pin,
    answer: PinAnswer,
  }),
  accountOptions: endpoint("accountOptions", "GET", "/api/v1/account/options", {
    summary: "Flags of the account.",
    answer: AccountOptions,
  }),
  setVideoOptions: endpoint("setVideoOptions", "POST", "/api/v1/account/video_options", {
    summary: "Days after which clips are deleted: 3, 7, 14, 30 or 60.",
    body: Schema.Struct({ auto_purge_days: Schema.Int }),
    answer: VideoOptions,
  }),
  notifications: endpoint("notifications", "GET", "/api/v1/accounts/{account}/notifications/configuration", {
    summary: "Which notifications the app sends.",
    answer: NotificationFlags,
  }),
  setNotifications: endpoint(
    "setNotifications",
    "POST",
    "/api/v1/accounts/{account}/notifications/configuration",
    {
      summary: "Changes some of them.",
      body: Schema.Struct({ notifications: Schema.Record(Schema.String, Schema.Boolean) }),
      answer: NotificationFlags,
    },
  ),
  clientOptions: endpoint(
    "clientOptions",
    "GET",
    "/api/v1/accounts/{account}/clients/{registration}/options",
    {
      summary: "What this registration has stored there.",
      answer: ClientOptions,
    },
  ),
  updateClient: endpoint("updateClient", "POST", "/client/{registration}/update", {
    summary: "Sets the key for push notifications.",
    body: NotificationKey,
    answer: UpdatedRegistration,
  }),
  updateClientOfUser: endpoint("updateClientOfUser", "POST", "/clients/{registration}/update", {
    summary: "The same, at the path that newer apps use.",
    body: NotificationKey,
    answer: UpdatedRegistration,
  }),
  clientOptionsOfUser: endpoint("clientOptionsOfUser", "GET", "/api/v1/clients/{registration}/options", {
    summary: "What this registration has stored, at the path that newer apps use.",
    answer: ClientOptions,
  }),
  setClientOptions: endpoint("setClientOptions", "POST", "/api/v1/clients/{registration}/options", {
    summary: "Stores something with this registration, as base64 of JSON.",
    body: Schema.Struct({ options: Schema.String }),
    answer: ClientOptions,
  }),
  userOptions: endpoint("userOptions", "GET", "/api/v1/users/options", {
    summary: "Flags of the account, at the path that newer apps use.",
    answer: AccountOptions,
  }),
  preferences: endpoint("preferences", "GET", "/api/v1/notifications/preferences", {
    summary: "Whether the vendor may send advertisements.",
    answer: Preferences,
  }),
  setPreferences: endpoint("setPreferences", "POST", "/api/v1/notifications/preferences", {
    summary: "Says whether it may.",
    body: Schema.Struct({ marketing: Schema.Boolean }),
    answer: Preferences,
  }),
  featureFlags: endpoint("featureFlags", "GET", "/api/v1/accounts/{account}/feature_flags/enabled", {
    summary: "What the vendor has switched on for this account.",
    answer: FeatureFlags,
  }),
  entitlements: endpoint("entitlements", "GET", "/api/v2/accounts/{account}/subscriptions/entitlements", {
    summary: "What the account's plan allows, by device.",
    answer: Entitlements,
  }),
  plans: endpoint("plans", "GET", "/api/v4/accounts/{account}/subscriptions/plans", {
    summary: "The account's plans.",
    answer: Plans,
  }),
  supportPhone: endpoint("supportPhone", "GET", "/api/v2/support/ob_phone", {
    summary: "Whom to call while setting up. Seen empty only.",
    answer: Anything,
  }),
  countries: endpoint("countries", "GET", "/api/v1/countries", {
    summary: "Countries an account can be of.",
    open: true,
    answer: Countries,
  }),
  serviceStatus: endpoint("serviceStatus", "GET", "/api/v1/{tier}", {
    dialect: "both",
    summary: "How the service is in a tier, from a public page of its own.",
    open: true,
    host: "status",
    answer: ServiceStatus,
  }),
  identifyAnyDevice: endpoint("identifyAnyDevice", "GET", "/api/v2/devices/identify/{serial}", {
    summary: "The same without the account.",
    answer: DeviceIdentity,
  }),
  identifyDevice: endpoint("identifyDevice", "GET", "/api/v2/accounts/{account}/devices/identify/{serial}", {
    summary: "What kind of device a serial number belongs to.",
    answer: DeviceIdentity,
  }),
  uploadLogs: endpoint("uploadLogs", "POST", "/app/logs/upload", {
    summary: "Hands in a log of the app.",
    body: Schema.Record(Schema.String, Schema.Json),
    answer: LogRow,
  }),
  regions: endpoint("regions", "GET", "/regions", {
    dialect: "both",
    summary: "Regions by name; `dns` is the tier.",
    open: true,
    query: Schema.Struct({ locale: Schema.String }),
    answer: Regions,
  }),
  version: endpoint("version", "GET", "/api/v1/version", {
    dialect: "both",
    summary: "Whether the vendor wants a newer app (105).",
    open: true,
    answeringCodes: [105],
    answer: Version,
  }),
}

const panel = "/api/v1/clients/{registration}/control_panel"
const panelOfAccount = "/api/v1/accounts/{account}/clients/{registration}/control_panel"
const PanelPin = Schema.Struct({ pin: Schema.String })
const Struck = Schema.Struct({ client_id: Schema.Int })

/** The list of installs that may get in. It is behind a code of its own: ask for one, verify it, then read. */
export const controlPanel = {
  requestPanelPin: endpoint("requestPanelPin", "POST", `${panel}/request_pin`, {
    summary: "Sends the code that opens the list of registrations.",
    answer: PinAnswer,
  }),
  resendPanelPin: endpoint("resendPanelPin", "POST", `${panel}/pin/resend`, {
    summary: "Sends another.",
    answer: PinAnswer,
  }),
  verifyPanelPin: endpoint("verifyPanelPin", "POST", `${panel}/pin/verify`, {
    summary: "Opens the list.",
    body: PanelPin,
    answer: PinAnswer,
  }),
  registrations: endpoint("registrations", "GET", `${panel}/clients`, {
    summary: "Every install that has signed in to this account.",
    answer: Registrations,
  }),
  removeRegistration: endpoint("removeRegistration", "POST", `${panel}/delete`, {
    summary: "Ends a registration's session and takes it off the list.",
    body: Struck,
    answer: Message,
  }),
  requestPanelPinOfAccount: endpoint("requestPanelPinOfAccount", "POST", `${panelOfAccount}/request_pin`, {
    summary: "`requestPanelPin` by account.",
    answer: PinAnswer,
  }),
  resendPanelPinOfAccount: endpoint("resendPanelPinOfAccount", "POST", `${panelOfAccount}/pin/resend`, {
    summary: "`resendPanelPin` by account.",
    answer: PinAnswer,
  }),
  verifyPanelPinOfAccount: endpoint("verifyPanelPinOfAccount", "POST", `${panelOfAccount}/pin/verify`, {
    summary: "`verifyPanelPin` by account.",
    body: PanelPin,
    answer: PinAnswer,
  }),
  registrationsOfAccount: endpoint("registrationsOfAccount", "GET", `${panelOfAccount}/clients`, {
    summary: "`registrations` by account.",
    answer: Registrations,
  }),
  removeRegistrationOfAccount: endpoint("removeRegistrationOfAccount", "POST", `${panelOfAccount}/delete`, {
    summary: "`removeRegistration` by account.",
    body: Struck,
    answer: Message,
  }),
}

/** Logins that came after the seed's, each closed by the vendor in its turn. */
const LoginOfApp = Schema.Struct({
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
    open: true,
    priority: "command",
    body: LoginOfApp,
    answer: LoginAnswer,
  })

export const legacyAccount = {
  login: endpoint("legacyLogin", "POST", "/login", {
    dialect: "legacy",
    summary: "Signs in; `auth.token` is the `TOKEN_AUTH`. Closed at the vendor since 2025.",
    open: true,
    form: true,
    body: Schema.Struct({ email: Schema.String, password: Schema.String, client_specifier: Schema.String }),
    answer: LoginAnswer,
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
      answer: PinAnswer,
    },
  ),
  resendPinV3: endpoint(
    "legacyResendPinV3",
    "POST",
    "/api/v3/account/{account}/client/{registration}/pin/resend",
    {
      dialect: "legacy",
      summary: "Sends another code, at the path of 2020.",
      answer: PinAnswer,
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
      answer: PinAnswer,
    },
  ),
  resendPin: endpoint(
    "legacyResendPin",
    "POST",
    "/api/v4/account/{account}/client/{registration}/pin/resend",
    {
      dialect: "legacy",
      summary: "Sends another code.",
      answer: PinAnswer,
    },
  ),
  registrations: endpoint("legacyRegistrations", "GET", "/account/clients", {
    dialect: "legacy",
    summary: "Every install that has signed in to this account.",
    answer: Registrations,
  }),
  health: endpoint("legacyHealth", "GET", "/health", {
    dialect: "legacy",
    summary: "The seed lists it as not working; nobody has seen its answer.",
    open: true,
    answer: Anything,
  }),
}
