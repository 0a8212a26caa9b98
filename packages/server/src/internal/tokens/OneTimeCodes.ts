import type { Permissions } from "../../Permissions.ts"
import { isSameHash, randomToken, sha256 } from "./secrets.ts"

/** 15 minutes. */
const lifetimeMs = 15 * 60_000

interface Code {
  readonly hash: Buffer
  readonly permissions: Permissions
  readonly expiresAt: number
}

/** Codes that can each be exchanged for one token, within 15 minutes. Times are in milliseconds since the epoch. */
export class OneTimeCodes {
  #codes: ReadonlyArray<Code> = []

  create(permissions: Permissions, now: number): string {
    const code = randomToken()
    this.#codes = [
      ...this.#codes.filter(({ expiresAt }) => expiresAt > now),
      { hash: sha256(code), permissions, expiresAt: now + lifetimeMs },
    ]
    return code
  }

  /** Returns the permissions of a code and removes it; `null` when it is invalid, expired or already used. */
  redeem(code: string, now: number): Permissions | null {
    const givenHash = sha256(code)
    const matched = this.#codes.find(({ hash, expiresAt }) => isSameHash(givenHash, hash) && expiresAt > now)
    if (matched === undefined) return null
    this.#codes = this.#codes.filter((known) => known !== matched)
    return matched.permissions
  }
}
