import { Schema } from "effect"
import { endpoint } from "../Endpoint.ts"
import {
  AccountOptions,
  AccountStatus,
  ClientOptions,
  DeviceIdentity,
  LogRow,
  LoginAnswer,
  NotificationFlags,
  PinAnswer,
  Regions,
  Registrations,
  TierInfo,
  User,
  UserInfo,
  Version,
  VideoOptions,
} from "../wire/account.ts"
import { Anything } from "../wire/fields.ts"
import { Message } from "../wire/receipt.ts"

const Pin = Schema.Struct({ pin: Schema.String, trusted: Schema.Boolean })

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
    body: Schema.Struct({ notification_key: Schema.String }),
    answer: Message,
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
    summary: "Whether the vendor wants a newer app.",
    open: true,
    answer: Version,
  }),
}

export const legacyAccount = {
  login: endpoint("legacyLogin", "POST", "/login", {
    dialect: "legacy",
    summary: "Signs in; `auth.token` is the `TOKEN_AUTH`. Closed at the vendor since 2025.",
    open: true,
    body: Schema.Struct({ email: Schema.String, password: Schema.String, client_specifier: Schema.String }),
    answer: LoginAnswer,
  }),
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
