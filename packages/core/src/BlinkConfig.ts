import { Context, Duration, Layer } from "effect"

/** How this program introduces itself at sign-in. Product names of well-known projects are turned away. */
export interface Identity {
  /** OAuth client id. A refresh token belongs to the one that obtained it. */
  readonly clientId: string
  readonly redirectUri: string
  readonly appVersion: string
  readonly deviceBrand: string
  readonly deviceModel: string
  readonly osVersion: string
  /** `User-Agent` of the sign-in pages. */
  readonly browserUserAgent: string
  /** `User-Agent` of the token endpoint. */
  readonly appUserAgent: string
}

export interface Settings {
  /** `oauth` is today's API, `legacy` the one with `TOKEN_AUTH`. */
  readonly dialect: "oauth" | "legacy"
  /** Base address of the account's calls. A `{tier}` is filled in; without one it is used for every tier. */
  readonly apiUrl: string
  /** Where the account's tier is asked for, before it is known. */
  readonly bootstrapTier: string
  readonly oauthUrl: string
  /** The public page that tells how the service is. With an `apiUrl` of your own it is looked for there. */
  readonly statusUrl: string
  readonly identity: Identity
  /** Requests per account and hour, command polls aside. */
  readonly callsPerHour: number
  /** Identical reads within this time share one answer. */
  readonly shareReadsFor: Duration.Duration
  readonly jsonTimeout: Duration.Duration
  readonly mediaTimeout: Duration.Duration
  /** A token is renewed when less than this is left of its life. */
  readonly renewBefore: Duration.Duration
}

/** The identities that the vendor's own apps use; the second signs in on the vendor's page. */
const iosIdentity: Identity = {
  clientId: "ios",
  redirectUri: "immedia-blink://applinks.blink.com/signin/callback",
  appVersion: "50.1",
  deviceBrand: "Apple",
  deviceModel: "iPhone16,1",
  osVersion: "26.1",
  browserUserAgent:
    "Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1",
  appUserAgent: "Blink/2511191620 CFNetwork/3860.200.71 Darwin/25.1.0",
}

export const hostedIdentity: Identity = {
  ...iosIdentity,
  clientId: "android",
  redirectUri: "https://applinks.blink.com/signin/callback",
  appVersion: "Version 57.1",
  deviceBrand: "Generic",
  deviceModel: "Device",
  osVersion: "Android 14",
}

/** Whether `url` stays on this machine: an emulator, which needs no politeness. */
export const isLoopback = (url: string): boolean =>
  /^(localhost|127(\.\d+){3}|\[::1\])$/.test(URL.canParse(url) ? new URL(url).hostname : "")

/** What differs from the defaults. `undefined` is the same as absent, so that an environment can be passed on as it is. */
export type SettingsInput = { readonly [Name in keyof Settings]?: Settings[Name] | undefined }

const defaults = (input: SettingsInput): Settings => {
  const dialect = input.dialect ?? "oauth"
  const apiUrl =
    input.apiUrl ??
    (dialect === "oauth" ? "https://rest-{tier}.immedia-semi.com" : "https://rest.{tier}.immedia-semi.com")
  const bootstrapTier = input.bootstrapTier ?? "prod"
  return {
    dialect,
    apiUrl,
    bootstrapTier,
    oauthUrl: input.oauthUrl ?? "https://api.oauth.blink.com",
    statusUrl: input.statusUrl ?? input.apiUrl?.replace("{tier}", bootstrapTier) ?? "https://blinkstatus.net",
    identity: input.identity ?? iosIdentity,
    callsPerHour: input.callsPerHour ?? (isLoopback(apiUrl) ? 100_000 : 600),
    shareReadsFor: input.shareReadsFor ?? (isLoopback(apiUrl) ? Duration.zero : Duration.seconds(5)),
    jsonTimeout: input.jsonTimeout ?? Duration.seconds(10),
    mediaTimeout: input.mediaTimeout ?? Duration.seconds(90),
    renewBefore: input.renewBefore ?? Duration.minutes(2),
  }
}

/** All that the vendor may move without notice, and how polite to be. */
export class BlinkConfig extends Context.Service<BlinkConfig, Settings>()("@blink-streams/core/BlinkConfig") {
  /** `given` over the vendor's hosts and careful defaults. */
  static readonly layer = (input: SettingsInput = {}): Layer.Layer<BlinkConfig> =>
    Layer.succeed(BlinkConfig, defaults(input))
}
