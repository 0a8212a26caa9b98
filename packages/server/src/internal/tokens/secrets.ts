import { createHash, randomBytes, timingSafeEqual } from "node:crypto"

export const sha256 = (secret: string): Buffer => createHash("sha256").update(secret).digest()

/** Compares in constant time, so that timing reveals nothing. */
export const isSameHash = (a: Buffer, b: Buffer): boolean => timingSafeEqual(a, b)

/** Generates a token of 256 bits. From the system's generator, because it is a secret. */
export const randomToken = (): string => randomBytes(32).toString("base64url")
