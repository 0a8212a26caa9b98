/**
 * Parses a request target; `null` when it is not a path. The host is prepended instead of passed as a base: with a
 * base, `//` starts a host and throws.
 */
export const requestUrl = (url = "/"): URL | null =>
  url.startsWith("/") ? URL.parse(`http://local${url}`) : null

/** True when a request target is `prefix` or below it. */
export const isOwnPath = (url: string | undefined, prefix: string): boolean => {
  const pathname = requestUrl(url)?.pathname
  return pathname !== undefined && (pathname === prefix || pathname.startsWith(`${prefix}/`))
}
