import { randomBytes } from "node:crypto"

/** Generates the admin token of a broadcaster. */
export const randomToken = (): string => randomBytes(24).toString("base64url")
