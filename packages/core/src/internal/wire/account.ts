import { Schema } from "effect"
import { AccountId, fieldsOf, Anything, Flag, Int, arrayOf, nullish, Text } from "./fields.ts"

export const TierInfo = Schema.Struct({ tier: Text, account_id: AccountId })

/** User and pending verifications. */
export const UserInfo = Schema.Struct({
  phone: nullish(
    Schema.Struct({
      ...fieldsOf(Text, "number", "last_4_digits", "country_calling_code"),
      ...fieldsOf(Flag, "valid"),
    }),
  ),
  user: nullish(Schema.Struct({ ...fieldsOf(Int, "user_id"), ...fieldsOf(Text, "country") })),
  ...fieldsOf(Int, "account_id", "client_id", "ring_user_id"),
  ...fieldsOf(Text, "country", "tier", "region", "verification_channel", "email"),
  ...fieldsOf(
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
  ...fieldsOf(Int, "id", "timezone_id", "pin_failures", "account_id", "ring_idp_id"),
  ...fieldsOf(
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
  ...fieldsOf(
    Flag,
    "verified",
    "verification_required",
    "force_password_reset",
    "owner",
    "phone_verified",
    "phone_verification_required",
  ),
  ...fieldsOf(Anything, "reset_expiration", "pin_created_at", "phone_number", "country_calling_code"),
})
export const AccountStatus = Schema.Struct({
  account: nullish(Schema.Struct({ ...fieldsOf(Int, "id"), ...fieldsOf(Flag, "verification_required") })),
  client: nullish(Schema.Struct({ ...fieldsOf(Int, "id"), ...fieldsOf(Flag, "verification_required") })),
})
export const AccountOptionsResponse = Schema.Record(Schema.String, Anything)
export const VideoOptions = Schema.Struct({
  ...fieldsOf(Int, "id", "auto_purge_days", "refresh_count"),
  ...fieldsOf(Text, "created_at", "updated_at", "last_app_activity"),
  ...fieldsOf(Anything, "country_code", "phone_number", "feature_plan_id"),
  ...fieldsOf(Flag, "power_user"),
  ...fieldsOf(Text, "message"),
  ...fieldsOf(Int, "code"),
})
export const Registrations = Schema.Struct({
  clients: arrayOf(
    Schema.Struct({
      id: Int,
      ...fieldsOf(
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
      ...fieldsOf(Anything, "aws_key"),
      ...fieldsOf(Flag, "home"),
      ...fieldsOf(Int, "user_id", "account_id"),
    }),
  ),
})
/** `options` is base64 of JSON, or the two characters `{}`. */
export const ClientOptions = Schema.Struct({ ...fieldsOf(Text, "options") })
/** Message with a code, or the registration itself. */
export const UpdatedRegistration = Schema.Struct({
  ...fieldsOf(Text, "message"),
  ...fieldsOf(Int, "code"),
  client: nullish(
    Schema.Struct({
      ...fieldsOf(Int, "id", "user_id", "account_id", "enabled_notifications"),
      ...fieldsOf(
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
      ...fieldsOf(Flag, "home", "verified"),
      ...fieldsOf(Anything, "aws_key"),
    }),
  ),
})
export const Preferences = Schema.Struct({ ...fieldsOf(Flag, "marketing") })
/** Only the keys of its content are known. */
export const FeatureFlags = Schema.Struct({ feature_flags: nullish(Anything) })
export const Plans = Schema.Struct({ subscriptions: nullish(arrayOf(Anything)) })
export const Entitlements = Schema.Struct({
  targets: nullish(
    arrayOf(
      Schema.Struct({
        entitlements: nullish(
          arrayOf(
            Schema.Struct({
              ...fieldsOf(Text, "name", "status", "reason"),
              ...fieldsOf(Flag, "subscription_required"),
            }),
          ),
        ),
        ...fieldsOf(Text, "target"),
        ...fieldsOf(Int, "target_id"),
      }),
    ),
  ),
  ...fieldsOf(Text, "updated_at"),
})
export const Countries = Schema.Struct({ countries: nullish(Anything) })
/** Public service status; times end in `Z`. */
export const ServiceStatus = Schema.Struct({
  ...fieldsOf(Int, "check_interval", "message_code"),
  ...fieldsOf(Text, "message", "monitor_last_update", "next_check_time", "url"),
  message_params: nullish(arrayOf(Anything)),
})
export const NotificationFlags = Schema.Struct({
  notifications: nullish(Schema.Record(Schema.String, Flag)),
  message: nullish(Text),
})
export const Regions = Schema.Struct({
  preferred: nullish(Text),
  mode: nullish(Text),
  regions: Schema.Record(
    Schema.String,
    Schema.Struct({
      display_order: nullish(Int),
      dns: Text,
      friendly_name: nullish(Text),
      registration: nullish(Flag),
    }),
  ),
})
export const Version = Schema.Struct({
  ...fieldsOf(Text, "message"),
  ...fieldsOf(Int, "code"),
  ...fieldsOf(Flag, "update_available", "update_required"),
})
export const DeviceIdentity = Schema.Struct({ ...fieldsOf(Text, "fw_target", "region", "subtype", "type") })
export const LogRow = Schema.Struct({
  ...fieldsOf(Int, "id", "error_code", "account_id"),
  ...fieldsOf(Text, "created_at", "updated_at", "server", "server_instance", "text"),
  ...fieldsOf(Anything, "deleted_at", "severity"),
})
export const PinResponse = Schema.Struct({
  ...fieldsOf(Flag, "valid", "require_new_pin", "trusted"),
  ...fieldsOf(Int, "code", "allow_pin_resend_seconds"),
  ...fieldsOf(Text, "message", "token"),
  phone: nullish(Anything),
})

/** Response of the legacy login in its versions of 2016 to 2021. */
export const LoginResponse = Schema.Struct({
  account: nullish(
    Schema.Struct({
      user: nullish(Schema.Struct({ ...fieldsOf(Int, "user_id"), ...fieldsOf(Text, "country") })),
      ...fieldsOf(Int, "account_id", "user_id", "client_id"),
      ...fieldsOf(Text, "country", "tier", "region", "verification_channel", "braze_external_id"),
      ...fieldsOf(
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
      ...fieldsOf(Int, "id"),
    }),
  ),
  auth: nullish(Schema.Struct({ token: nullish(Text) })),
  authtoken: nullish(Schema.Struct({ ...fieldsOf(Text, "authtoken", "message") })),
  client: nullish(Schema.Struct({ ...fieldsOf(Int, "id"), ...fieldsOf(Flag, "verification_required") })),
  /** Tier by name in 2016, `{ tier, description, code }` in 2020. */
  region: nullish(Schema.Record(Schema.String, Anything)),
  networks: nullish(Anything),
  phone: nullish(Anything),
  verification: nullish(Anything),
  ...fieldsOf(Int, "lockout_time_remaining", "allow_pin_resend_seconds"),
  ...fieldsOf(Flag, "force_password_reset"),
})
export type LoginResponse = typeof LoginResponse.Type
