import { createHash } from "node:crypto"

/**
 * Seed of pseudo-random values. A value depends on the seed and a label only, not on the order of requests, so one
 * request more does not change later ids.
 */
export type Seed = number

const digest = (seed: Seed, label: string): Buffer => createHash("sha256").update(`${seed}/${label}`).digest()

/** An integer from `low` to `high`, both inclusive. */
export const seededInt = (seed: Seed, label: string, low: number, high: number): number =>
  low + (digest(seed, label).readUIntBE(0, 6) % (high - low + 1))

/** A number from 0 (inclusive) to 1 (exclusive). */
export const seededFraction = (seed: Seed, label: string): number =>
  digest(seed, label).readUIntBE(0, 6) / 2 ** 48

/** Base64url text of `length` characters, at most 43. */
export const seededText = (seed: Seed, label: string, length: number): string =>
  digest(seed, label).toString("base64url").slice(0, length)

/** `length` lower-case hexadecimal digits, at most 64. */
export const seededHex = (seed: Seed, label: string, length: number): string =>
  digest(seed, label).toString("hex").slice(0, length)
