import { Effect } from "effect"

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "")

/** 32 random bytes as unpadded base64url: a PKCE verifier, or a `state`. */
export const randomText: Effect.Effect<string> = Effect.sync(() =>
  base64url(crypto.getRandomValues(new Uint8Array(32))),
)

/** S256 challenge of a verifier. */
export const challengeOf = (verifier: string): Effect.Effect<string> =>
  Effect.promise(() => crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))).pipe(
    Effect.map((digest) => base64url(new Uint8Array(digest))),
  )
