const prefixes: ReadonlyArray<readonly [prefix: ReadonlyArray<number>, type: string]> = [
  [[0xff, 0xd8], "image/jpeg"],
  [[0x89, 0x50, 0x4e, 0x47], "image/png"],
]

/** Detects the type from the content: the cloud sends most files as `application/octet-stream`. */
export const contentTypeOf = (bytes: Uint8Array): string =>
  prefixes.find(([prefix]) => prefix.every((byte, index) => bytes[index] === byte))?.[1] ??
  (String.fromCharCode(...bytes.subarray(4, 8)) === "ftyp" ? "video/mp4" : "application/octet-stream")
