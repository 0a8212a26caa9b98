import { Redacted } from "effect"
import type { HttpResponse } from "../../http/responseError.ts"

/** Cookies of the sign-in pages by name. The names are up to the vendor. */
type Cookies = Readonly<Record<string, Redacted.Redacted>>

/** State between the steps of a sign-in. */
export interface SignInFlow {
  readonly verifier: Redacted.Redacted
  readonly csrf: Redacted.Redacted
  readonly cookies: Cookies
}

/** Cookies after a response that may set some. */
export const withCookies = (previous: Cookies, { cookies }: HttpResponse): Cookies => ({
  ...previous,
  ...Object.fromEntries(Object.entries(cookies).map(([name, value]) => [name, Redacted.make(value)])),
})

/** Header with `cookies`; none without cookies. */
export const cookieHeader = (cookies: Cookies): Readonly<Record<string, string>> => {
  const pairs = Object.entries(cookies).map(([name, value]) => `${name}=${Redacted.value(value)}`)
  return pairs.length === 0 ? {} : { cookie: pairs.join("; ") }
}

/** CSRF token that every form must carry: in the page's JSON, a hidden field, a meta tag or a cookie. */
export const csrfOf = (page: string, cookies: Cookies): Redacted.Redacted | null => {
  const match =
    /"csrf-token"\s*:\s*"([^"]+)"/.exec(page) ??
    /name="csrf-token"[^>]*(?:value|content)="([^"]+)"/.exec(page) ??
    /(?:value|content)="([^"]+)"[^>]*name="csrf-token"/.exec(page)
  return match === null ? (cookies["csrf-protection"] ?? null) : Redacted.make(match[1]!)
}
