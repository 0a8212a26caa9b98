import { call, isObject, refusal } from "../access.ts"

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

const succeed = async (...request: Parameters<typeof call>): Promise<unknown> => {
  const { status, answer } = await call(...request)
  if (status < 300) return answer
  throw new Error(refusal(status, answer))
}

/** All tokens, newest first. Rejects with a sentence for a person, as all of these do. */
export const listTokens = async (): Promise<ReadonlyArray<TokenInfo>> => {
  const answer = await succeed("GET", "v1/tokens")
  const all = isObject(answer) && Array.isArray(answer["tokens"]) ? answer["tokens"].filter(isToken) : []
  return all.sort((a, b) => b.createdAt - a.createdAt)
}

/** The token itself: the broadcaster tells it once and keeps only its hash. */
export const createToken = async (name: string, scope: Scope): Promise<string> => {
  const answer = await succeed("POST", "v1/tokens", { name, scopes: [scope] })
  if (isObject(answer) && typeof answer["token"] === "string") return answer["token"]
  throw new Error("The broadcaster gave no token.")
}

/** Whoever is connected with it is turned out. */
export const revokeToken = async (id: string): Promise<void> => {
  await succeed("DELETE", `v1/tokens/${encodeURIComponent(id)}`)
}
