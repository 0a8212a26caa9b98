/** Absolute URL of `path`, resolved against the page, so that the page works under any path of a reverse proxy. */
export const pageUrl = (path: string): string => new URL(path, document.baseURI).href

const storageKey = "blink-streams.token"

export const storedToken = (): string | null => localStorage.getItem(storageKey)
export const storeToken = (token: string): void => localStorage.setItem(storageKey, token)
export const clearStoredToken = (): void => localStorage.removeItem(storageKey)

/** Returns the one-time code of the URL's fragment and removes it, so that no bookmark or history entry contains it. */
export const takeCodeFromUrl = (): string | null => {
  const code = new URLSearchParams(location.hash.slice(1)).get("code")
  if (code !== null) history.replaceState(null, "", location.pathname + location.search)
  return code
}
