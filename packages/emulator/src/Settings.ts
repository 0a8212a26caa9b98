import { Schema } from "effect"

/** How the cloud behaves where it has behaved in more than one way, or where a test needs another limit. */
export const Settings = Schema.Struct({
  /** Status that asks for the code: 202 since June 2026, 412 before; `off` signs in by password alone. */
  secondFactor: Schema.Literals(["202", "412", "off"]),
  /** A new install that signs in as the app of today does needs a second code before it may do anything. */
  verifiesClients: Schema.Boolean,
  /**
   * `today` lets legacy tokens use everything and gates what is withdrawn for today's; `all` gates it for both; `off`
   * gates nothing, and grants tokens by password alone as well.
   */
  gate: Schema.Literals(["today", "all", "off"]),
  /** Items on one page of `media/changed`: 25 in 2020, 500 today. */
  mediaPageSize: Schema.Literals([25, 500]),
  accessTokenSeconds: Schema.Int.check(Schema.isGreaterThan(0)),
  legacyTokenSeconds: Schema.Int.check(Schema.isGreaterThan(0)),
  refreshTokenSeconds: Schema.Int.check(Schema.isGreaterThan(0)),
  /** HTTP status of "System is busy"; one report has 200. */
  busyStatus: Schema.Literals([409, 200]),
  /** Without a plan the cloud keeps no clips, `media` stays empty for ever, and a snooze lasts 240 minutes or is refused. */
  subscription: Schema.Boolean,
  /** Pictures of newer cameras as a bare number of seconds, from which a client has to make the address. */
  bareThumbnails: Schema.Boolean,
  temperatureUnits: Schema.Literals(["f", "c"]),
  /** Wrong passwords within ten minutes before the account is locked for an hour. */
  wrongPasswordsAllowed: Schema.Int.check(Schema.isGreaterThan(0)),
  /** Granted sign-ins within an hour before 429. */
  signInsPerHour: Schema.Int.check(Schema.isGreaterThan(0)),
  /** How long after its command has completed a new still gets its address. */
  thumbnailDelayMs: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)),
  /** Clocks of devices are off by this much, either way, in `created_at` of their clips. */
  deviceClockSkewMs: Schema.Int,
})
export type Settings = typeof Settings.Type

export const defaultSettings: Settings = {
  secondFactor: "202",
  verifiesClients: false,
  gate: "today",
  mediaPageSize: 500,
  accessTokenSeconds: 14_400,
  legacyTokenSeconds: 86_400,
  refreshTokenSeconds: 30 * 86_400,
  busyStatus: 409,
  subscription: true,
  bareThumbnails: false,
  temperatureUnits: "f",
  wrongPasswordsAllowed: 10,
  signInsPerHour: 60,
  thumbnailDelayMs: 0,
  deviceClockSkewMs: 0,
}
