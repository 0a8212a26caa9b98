import { AccountId } from "@blink-streams/model/Ids"
import { Schema } from "effect"
import { all, Anything, Flag, Int, list, maybe, Text } from "./fields.ts"

export const TierInfo = Schema.Struct({ tier: Text, account_id: AccountId })

/** Who is signed in, and what the vendor still wants verified. */
export const UserInfo = Schema.Struct({
  phone: maybe(
    Schema.Struct({ ...all(Text, "number", "last_4_digits", "country_calling_code"), ...all(Flag, "valid") }),
  ),
  user: maybe(Schema.Struct({ ...all(Int, "user_id"), ...all(Text, "country") })),
  ...all(Int, "account_id", "client_id", "ring_user_id"),
  ...all(Text, "country", "tier", "region", "verification_channel", "email"),
  ...all(
    Flag,
    "new_account",
    "account_verification_required",
    "phone_verification_required",
    "client_verification_required",
    "require_trust_client_device",
    "country_required",
    "amazon_account_linked",
  ),
})
/** `temp_units` is `f` or `c`. */
export const User = Schema.Struct({
  ...all(Int, "id", "timezone_id", "pin_failures", "account_id", "ring_idp_id"),
  ...all(
    Text,
    "created_at",
    "updated_at",
    "email",
    "time_zone",
    "name",
    "user_access",
    "temp_units",
    "type",
    "locale",
    "country_id",
    "verification_channel",
    "phone_verification_channel",
  ),
  ...all(
    Flag,
    "verified",
    "verification_required",
    "force_password_reset",
    "owner",
    "phone_verified",
    "phone_verification_required",
  ),
  ...all(Anything, "reset_expiration", "pin_created_at", "phone_number", "country_calling_code"),
})
export const AccountStatus = Schema.Struct({
  account: maybe(Schema.Struct({ ...all(Int, "id"), ...all(Flag, "verification_required") })),
  client: maybe(Schema.Struct({ ...all(Int, "id"), ...all(Flag, "verification_required") })),
})
export const AccountOptions = Schema.Record(Schema.String, Anything)
export const VideoOptions = Schema.Struct({
  ...all(Int, "id", "auto_purge_days", "refresh_count"),
  ...all(Text, "created_at", "updated_at", "last_app_activity"),
  ...all(Anything, "country_code", "phone_number", "feature_plan_id"),
  ...all(Flag, "power_user"),
  ...all(Text, "message"),
  ...all(Int, "code"),
})
export const Registrations = Schema.Struct({
  clients: list(
    Schema.Struct({
      id: Int,
      ...all(
        Text,
        "created_at",
        "updated_at",
        "name",
        "notify_sound",
        "client_type",
        "client_specifier",
        "notification_key",
        "os_version",
        "device_identifier",
        "app_version",
        "unique_id",
      ),
      ...all(Anything, "aws_key"),
      ...all(Flag, "home"),
      ...all(Int, "user_id", "account_id"),
    }),
  ),
})
/** `options` is base64 of JSON, or the two characters `{}`. */
export const ClientOptions = Schema.Struct({ ...all(Text, "options") })
/** A sentence and a number, or the registration itself. */
export const UpdatedRegistration = Schema.Struct({
  ...all(Text, "message"),
  ...all(Int, "code"),
  client: maybe(
    Schema.Struct({
      ...all(Int, "id", "user_id", "account_id", "enabled_notifications"),
      ...all(
        Text,
        "created_at",
        "updated_at",
        "name",
        "notify_sound",
        "client_type",
        "client_specifier",
        "notification_key",
        "os_version",
        "device_identifier",
        "app_version",
        "unique_id",
        "ssid",
        "ssid_updated_at",
        "client_options",
      ),
      ...all(Flag, "home", "verified"),
      ...all(Anything, "aws_key"),
    }),
  ),
})
export const Preferences = Schema.Struct({ ...all(Flag, "marketing") })
/** Nobody has published more of it than its keys. */
export const FeatureFlags = Schema.Struct({ feature_flags: maybe(Anything) })
export const Plans = Schema.Struct({ subscriptions: maybe(list(Anything)) })
export const Entitlements = Schema.Struct({
  targets: maybe(
    list(
      Schema.Struct({
        entitlements: maybe(
          list(
            Schema.Struct({
              ...all(Text, "name", "status", "reason"),
              ...all(Flag, "subscription_required"),
            }),
          ),
        ),
        ...all(Text, "target"),
        ...all(Int, "target_id"),
      }),
    ),
  ),
  ...all(Text, "updated_at"),
})
export const Countries = Schema.Struct({ countries: maybe(Anything) })
/** The public page of the service's state; its times end in `Z`. */
export const ServiceStatus = Schema.Struct({
  ...all(Int, "check_interval", "message_code"),
  ...all(Text, "message", "monitor_last_update", "next_check_time", "url"),
  message_params: maybe(list(Anything)),
})
export const NotificationFlags = Schema.Struct({
  notifications: maybe(Schema.Record(Schema.String, Flag)),
  message: maybe(Text),
})
export const Regions = Schema.Struct({
  preferred: maybe(Text),
  mode: maybe(Text),
  regions: Schema.Record(
    Schema.String,
    Schema.Struct({
      display_order: maybe(Int),
      dns: Text,
      friendly_name: maybe(Text),
      registration: maybe(Flag),
    }),
  ),
})
export const Version = Schema.Struct({
  ...all(Text, "message"),
  ...all(Int, "code"),
  ...all(Flag, "update_available", "update_required"),
})
export const DeviceIdentity = Schema.Struct({ ...all(Text, "fw_target", "region", "subtype", "type") })
export const LogRow = Schema.Struct({
  ...all(Int, "id", "error_code", "account_id"),
  ...all(Text, "created_at", "updated_at", "server", "server_instance", "text"),
  ...all(Anything, "deleted_at", "severity"),
})
export const PinAnswer = Schema.Struct({
  ...all(Flag, "valid", "require_new_pin", "trusted"),
  ...all(Int, "code", "allow_pin_resend_seconds"),
  ...all(Text, "message", "token"),
  phone: maybe(Anything),
})

/** The old login's answer in its shapes of 2016 to 2021. */
export const LoginAnswer = Schema.Struct({
  account: maybe(
    Schema.Struct({
      user: maybe(Schema.Struct({ ...all(Int, "user_id"), ...all(Text, "country") })),
      ...all(Int, "account_id", "user_id", "client_id"),
      ...all(Text, "country", "tier", "region", "verification_channel", "braze_external_id"),
      ...all(
        Flag,
        "client_trusted",
        "new_account",
        "account_verification_required",
        "phone_verification_required",
        "client_verification_required",
        "require_trust_client_device",
        "country_required",
        "amazon_account_linked",
        "verification_required",
      ),
      ...all(Int, "id"),
    }),
  ),
  auth: maybe(Schema.Struct({ token: maybe(Text) })),
  authtoken: maybe(Schema.Struct({ ...all(Text, "authtoken", "message") })),
  client: maybe(Schema.Struct({ ...all(Int, "id"), ...all(Flag, "verification_required") })),
  /** Tier by name in 2016, `{ tier, description, code }` in 2020. */
  region: maybe(Schema.Record(Schema.String, Anything)),
  networks: maybe(Anything),
  phone: maybe(Anything),
  verification: maybe(Anything),
  ...all(Int, "lockout_time_remaining", "allow_pin_resend_seconds"),
  ...all(Flag, "force_password_reset"),
})
export type LoginAnswer = typeof LoginAnswer.Type
