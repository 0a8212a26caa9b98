import { callApi, isObject, errorMessage } from "./http.ts"

/** A token as the broadcaster lists it: what it may do, never what it is. */
export interface TokenInfo {
  readonly id: string
  readonly name: string
  readonly scopes: ReadonlyArray<string>
  readonly createdAt: number
  readonly expiresAt: number | null
}

/** What a new token may do; each includes what stands before it. */
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

/** All tokens, newest first. Rejects with a sentence for a person, as all of these do. */
export const listTokens = async (): Promise<ReadonlyArray<TokenInfo>> => {
  const body = await callOrThrow("GET", "v1/tokens")
  const all = isObject(body) && Array.isArray(body["tokens"]) ? body["tokens"].filter(isToken) : []
  return all.sort((a, b) => b.createdAt - a.createdAt)
}

/** The token itself: the broadcaster tells it once and keeps only its hash. */
export const createToken = async (name: string, scope: Scope): Promise<string> => {
  const body = await callOrThrow("POST", "v1/tokens", { name, scopes: [scope] })
  if (isObject(body) && typeof body["token"] === "string") return body["token"]
  throw new Error("The broadcaster gave no token.")
}

/** Whoever is connected with it is turned out. */
export const revokeToken = async (id: string): Promise<void> => {
  await callOrThrow("DELETE", `v1/tokens/${encodeURIComponent(id)}`)
}
