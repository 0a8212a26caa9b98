import { createHash } from "node:crypto"

/**
 * Values that follow from the world's seed and a label, and from nothing else: the same label gives the same value
 * in whatever order things happen, so that one more request cannot shift every later id.
 */
export type Seed = number

const digest = (seed: Seed, label: string): Buffer => createHash("sha256").update(`${seed}/${label}`).digest()

/** A whole number from `low` to `high`, both included. */
export const seededInt = (seed: Seed, label: string, low: number, high: number): number =>
  low + (digest(seed, label).readUIntBE(0, 6) % (high - low + 1))

/** A number from 0 up to 1. */
export const seededFraction = (seed: Seed, label: string): number =>
  digest(seed, label).readUIntBE(0, 6) / 2 ** 48

/** URL-safe characters, at most 43. */
export const seededText = (seed: Seed, label: string, length: number): string =>
  digest(seed, label).toString("base64url").slice(0, length)

/** Lower-case hexadecimal digits, at most 64. */
export const seededHex = (seed: Seed, label: string, length: number): string =>
  digest(seed, label).toString("hex").slice(0, length)

/** One of `values`, which must not be empty. */
export const seededPick = <A>(seed: Seed, label: string, values: readonly [A, ...Array<A>]): A =>
  values[seededInt(seed, label, 0, values.length - 1)] ?? values[0]
