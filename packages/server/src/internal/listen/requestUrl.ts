/**
 * Where a request goes; `null` when its target is no path. A base would take the second slash of `//` for the start of
 * a host, and throw.
 */
export const requestUrl = (url = "/"): URL | null =>
  url.startsWith("/") ? URL.parse(`http://local${url}`) : null
