import { Schema } from "effect"

/** Variants of the cloud's behaviour, and limits that tests lower. `defaultSettings` holds the defaults. */
export const EmulatorSettings = Schema.Struct({
  /** Status of the response that requests the code: 202 since June 2026, 412 before. `off` needs no code. */
  secondFactor: Schema.Literals(["202", "412", "off"]),
  /** A new install needs a second code after its OAuth sign-in before it can use most calls. */
  verifiesClients: Schema.Boolean,
  /**
   * Access to the withdrawn calls of the legacy API. `legacy_tokens`: legacy tokens only, OAuth tokens get "An app update
   * is required". `closed`: no token, and the legacy logins return 426. `all_tokens`: every token, and `/oauth/token`
   * accepts the password grant.
   */
  withdrawnCalls: Schema.Literals(["legacy_tokens", "closed", "all_tokens"]),
  /** Items per page of `media/changed`: 25 in 2020, 500 at present. */
  mediaPageSize: Schema.Literals([25, 500]),
  accessTokenSeconds: Schema.Int.check(Schema.isGreaterThan(0)),
  legacyTokenSeconds: Schema.Int.check(Schema.isGreaterThan(0)),
  refreshTokenSeconds: Schema.Int.check(Schema.isGreaterThan(0)),
  /** HTTP status of "System is busy". One report has 200. */
  busyStatus: Schema.Literals([409, 200]),
  /** Without a plan the cloud stores no clips, the media lists stay empty, and the only accepted snooze is 240 minutes. */
  subscription: Schema.Boolean,
  /** Lists thumbnails of newer cameras as a number of seconds, from which a client builds the address. */
  timestampThumbnails: Schema.Boolean,
  temperatureUnits: Schema.Literals(["f", "c"]),
  /** Wrong passwords within 10 minutes that lock the account for an hour. */
  wrongPasswordsAllowed: Schema.Int.check(Schema.isGreaterThan(0)),
  /** Successful sign-ins within an hour; further ones return 429. */
  signInsPerHour: Schema.Int.check(Schema.isGreaterThan(0)),
  /** Delay between the end of a thumbnail command and the new address in the lists. */
  thumbnailDelayMs: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)),
  /** Largest deviation, in either direction, of a device's clock in `created_at` of its clips. */
  deviceClockSkewMs: Schema.Int,
})
export type EmulatorSettings = typeof EmulatorSettings.Type

/** Settings of an emulator that gets none. */
export const defaultSettings: EmulatorSettings = {
  secondFactor: "202",
  verifiesClients: false,
  withdrawnCalls: "legacy_tokens",
  mediaPageSize: 500,
  accessTokenSeconds: 14_400,
  legacyTokenSeconds: 86_400,
  refreshTokenSeconds: 30 * 86_400,
  busyStatus: 409,
  subscription: true,
  timestampThumbnails: false,
  temperatureUnits: "f",
  wrongPasswordsAllowed: 10,
  signInsPerHour: 60,
  thumbnailDelayMs: 0,
  deviceClockSkewMs: 0,
}
