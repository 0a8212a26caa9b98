/** A camera's name as the manifest of a USB stick has it: nothing but letters and digits is left. */
export const normalizeName = (name: string): string => name.replaceAll(/[^\p{L}\p{N}]/gu, "").toLowerCase()
