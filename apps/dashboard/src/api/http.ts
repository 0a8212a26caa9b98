/** Addresses are relative to the page, so that it works under any path of a reverse proxy. */
export const resolveUrl = (path: string): string => new URL(path.replace(/^\/+/, ""), document.baseURI).href

/**
 * A picture or clip as the broadcaster names it, by absolute path. Behind a proxy that path lacks the proxy's part, and
 * of a broadcaster that was given a base path it has it: what comes before `/v1/` is the page's own.
 */
export const mediaUrl = (path: string): string => resolveUrl(path.slice(Math.max(0, path.indexOf("/v1/"))))

/** Where the websocket of this page's broadcaster is. */
export const websocketUrl = (): string => resolveUrl("").replace(/^http/, "ws")

const storageKey = "blink-streams.token"

export const storedToken = (): string | null => localStorage.getItem(storageKey)
export const storeToken = (token: string): void => localStorage.setItem(storageKey, token)
export const clearStoredToken = (): void => localStorage.removeItem(storageKey)

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null

/** Asks the broadcaster over HTTP with this page's token. Rejects when it does not answer; any status resolves. */
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

/** What the broadcaster's error says, for a person. */
export const errorMessage = (status: number, body: unknown): string => {
  const message = isObject(body) && isObject(body["error"]) ? body["error"]["message"] : null
  return typeof message === "string" ? message : `The broadcaster answered ${status}.`
}

/** Takes the one-time code out of the address at once, so that it is in no bookmark, history entry or screenshot. */
export const takeCodeFromUrl = (): string | null => {
  const code = new URLSearchParams(location.hash.slice(1)).get("code")
  if (code !== null) history.replaceState(null, "", location.pathname + location.search)
  return code
}

/** A one-time code works once: who reloads the link is told so, in words. */
export const exchangeCode = async (code: string): Promise<string> => {
  const response = await fetch(resolveUrl("v1/session"), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code }),
  })
  if (response.status >= 500) throw new Error("The broadcaster could not be asked. Reload to try again.")
  if (!response.ok)
    throw new Error("This link has been used already or is too old. Ask the broadcaster for a new one.")
  const body: unknown = await response.json()
  if (isObject(body) && typeof body["token"] === "string") return body["token"]
  throw new Error("The broadcaster gave no token for this link.")
}
