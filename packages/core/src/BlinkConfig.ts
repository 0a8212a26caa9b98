import { Context, Duration, Layer } from "effect"
import {
  callsPerHour,
  jsonTimeout,
  mediaTimeout,
  renewBefore,
  sharedReadLifetime,
} from "./internal/rateLimit/retryPolicy.ts"

/** Identity that this program sends at sign-in. The cloud blocks product names of well-known projects. */
export interface Identity {
  /** OAuth client id. A refresh token is valid only for the client id that obtained it. */
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

export interface CloudSettings {
  /** `oauth` is today's API, `legacy` the one with `TOKEN_AUTH`. Default `oauth`. */
  readonly dialect: "oauth" | "legacy"
  /**
   * Base address of account requests. `{tier}` is replaced by the account's tier; without it, the address is
   * used for every tier.
   */
  readonly apiUrl: string
  /** Tier that is asked for the account's tier. Default `prod`. */
  readonly bootstrapTier: string
  readonly oauthUrl: string
  /** Address of the public service status page. With a custom `apiUrl` the default is that address. */
  readonly statusUrl: string
  readonly identity: Identity
  /** Requests per account and hour, without command polls. Default 600, or 100,000 on a loopback address. */
  readonly callsPerHour: number
  /** Time within which identical reads share one response. Default 5 seconds, or 0 on a loopback address. */
  readonly shareReadsFor: Duration.Duration
  readonly jsonTimeout: Duration.Duration
  readonly mediaTimeout: Duration.Duration
  /** A token is renewed when it expires within this time. Default 2 minutes. */
  readonly renewBefore: Duration.Duration
}

/** Identities of the vendor's own apps. `hostedIdentity` is for the sign-in on the vendor's page. */
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

/** True when `url` is an address of this machine, such as an emulator. Rate limits are relaxed there. */
export const isLoopback = (url: string): boolean =>
  /^(localhost|127(\.\d+){3}|\[::1\])$/.test(URL.canParse(url) ? new URL(url).hostname : "")

/**
 * Settings that differ from the defaults. `undefined` means the default, so that environment variables can be
 * passed on unchecked.
 */
export type CloudSettingsInput = { readonly [Name in keyof CloudSettings]?: CloudSettings[Name] | undefined }

/** Throws a `TypeError` for an address that is none: a missing scheme is not guessed. */
const assertAddress = (name: "apiUrl" | "oauthUrl", address: string): void => {
  if (!/^https?:$/.test(URL.parse(address.replace("{tier}", "tier"))?.protocol ?? ""))
    throw new TypeError(`${name} is "${address}": expected an address such as http://127.0.0.1:25466`)
}

const defaults = (input: CloudSettingsInput): CloudSettings => {
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
    callsPerHour: input.callsPerHour ?? (isLoopback(apiUrl) ? 100_000 : callsPerHour),
    shareReadsFor: input.shareReadsFor ?? (isLoopback(apiUrl) ? Duration.zero : sharedReadLifetime),
    jsonTimeout: input.jsonTimeout ?? jsonTimeout,
    mediaTimeout: input.mediaTimeout ?? mediaTimeout,
    renewBefore: input.renewBefore ?? renewBefore,
  }
}

/** Hosts, identity, rate limits and timeouts of one account. */
export class BlinkConfig extends Context.Service<BlinkConfig, CloudSettings>()(
  "@blink-streams/core/BlinkConfig",
) {
  /**
   * Layer with `input` over the defaults: the vendor's hosts and conservative limits. Throws a `TypeError` when an address
   * is none.
   */
  static readonly layer = (input: CloudSettingsInput = {}): Layer.Layer<BlinkConfig> => {
    const settings = defaults(input)
    assertAddress("apiUrl", settings.apiUrl)
    assertAddress("oauthUrl", settings.oauthUrl)
    return Layer.succeed(BlinkConfig, settings)
  }
}
