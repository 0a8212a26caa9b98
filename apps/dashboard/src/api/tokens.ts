import { callApi, isObject, errorMessage } from "./http.ts"

/** Metadata of a token. The token itself is not part of it. */
export interface TokenInfo {
  readonly id: string
  readonly name: string
  readonly scopes: ReadonlyArray<string>
  readonly createdAt: number
  readonly expiresAt: number | null
}

/** Scopes of a new token; each includes the ones before it. */
export const scopes = ["read", "control", "admin"] as const
export type Scope = (typeof scopes)[number]

const isToken = (value: unknown): value is TokenInfo =>
  isObject(value) &&
  typeof value["id"] === "string" &&
  typeof value["name"] === "string" &&
  Array.isArray(value["scopes"]) &&
  typeof value["createdAt"] === "number"

const callOrThrow = async (...request: Parameters<typeof callApi>): Promise<unknown> => {
  const { status, body } = await callApi(...request)
  if (status < 300) return body
  throw new Error(errorMessage(status, body))
}

/** All tokens, newest first. Rejects with a message for the user, like every function of this file. */
export const listTokens = async (): Promise<ReadonlyArray<TokenInfo>> => {
  const body = await callOrThrow("GET", "v1/tokens")
  const all = isObject(body) && Array.isArray(body["tokens"]) ? body["tokens"].filter(isToken) : []
  return all.sort((a, b) => b.createdAt - a.createdAt)
}

/** Creates a token and returns it. The broadcaster stores only its hash, so it cannot be read again. */
export const createToken = async (name: string, scope: Scope): Promise<string> => {
  const body = await callOrThrow("POST", "v1/tokens", { name, scopes: [scope] })
  if (isObject(body) && typeof body["token"] === "string") return body["token"]
  throw new Error("The broadcaster returned no token.")
}

/** Revokes a token. Clients that are connected with it are disconnected. */
export const revokeToken = async (id: string): Promise<void> => {
  await callOrThrow("DELETE", `v1/tokens/${encodeURIComponent(id)}`)
}
