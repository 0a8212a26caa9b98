/** Absolute URL of `path`, resolved against the page, so that the page works under any path of a reverse proxy. */
export const resolveUrl = (path: string): string => new URL(path.replace(/^\/+/, ""), document.baseURI).href

/**
 * URL of a picture or clip. The broadcaster sends an absolute path; it contains the base path that the broadcaster was
 * configured with, but not the prefix that a proxy strips. The part before `/v1/` is therefore replaced by the page's own.
 */
export const mediaUrl = (path: string): string => resolveUrl(path.slice(Math.max(0, path.indexOf("/v1/"))))

/** URL of the broadcaster's websocket. */
export const websocketUrl = (): string => resolveUrl("").replace(/^http/, "ws")

const storageKey = "blink-streams.token"

export const storedToken = (): string | null => localStorage.getItem(storageKey)
export const storeToken = (token: string): void => localStorage.setItem(storageKey, token)
export const clearStoredToken = (): void => localStorage.removeItem(storageKey)

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null

/** Sends an HTTP request with the stored token. Resolves for every status code; rejects when no response arrives. */
export const callApi = async (
  method: "GET" | "POST" | "DELETE",
  path: string,
  body?: unknown,
): Promise<{ readonly status: number; readonly body: unknown }> => {
  const response = await fetch(resolveUrl(path), {
    method,
    headers: {
      authorization: `Bearer ${storedToken()}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const isJson = response.headers.get("content-type")?.includes("json") ?? false
  return { status: response.status, body: isJson ? await response.json() : null }
}

/** Message of the broadcaster's error body, or a generic one with the status code. */
export const errorMessage = (status: number, body: unknown): string => {
  const message = isObject(body) && isObject(body["error"]) ? body["error"]["message"] : null
  return typeof message === "string" ? message : `The broadcaster returned HTTP ${status}.`
}

/** Returns the one-time code of the URL's fragment and removes it, so that no bookmark or history entry contains it. */
export const takeCodeFromUrl = (): string | null => {
  const code = new URLSearchParams(location.hash.slice(1)).get("code")
  if (code !== null) history.replaceState(null, "", location.pathname + location.search)
  return code
}

/** Exchanges a one-time code for a token. Rejects with a message for the user, for example for a code that was used before. */
export const exchangeCode = async (code: string): Promise<string> => {
  const response = await fetch(resolveUrl("v1/session"), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code }),
  })
  if (response.status >= 500)
    throw new Error("The broadcaster could not check the link. Reload to try again.")
  if (!response.ok)
    throw new Error("This link has already been used or has expired. Get a new link from the broadcaster.")
  const body: unknown = await response.json()
  if (isObject(body) && typeof body["token"] === "string") return body["token"]
  throw new Error("The broadcaster returned no token for this link.")
}
