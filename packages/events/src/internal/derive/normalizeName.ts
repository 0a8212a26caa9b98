/** Reduces a camera name to its letters and digits, as a manifest of USB storage lists it. */
export const normalizeName = (name: string): string => name.replaceAll(/[^\p{L}\p{N}]/gu, "").toLowerCase()
