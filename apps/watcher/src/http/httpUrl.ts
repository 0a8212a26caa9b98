/** HTTP URL of `path` on the broadcaster with the websocket `url`; one port serves both. */
export const httpUrl = (url: string, path: string): URL => {
  const base = new URL(url)
  base.protocol = base.protocol === "wss:" || base.protocol === "https:" ? "https:" : "http:"
  return new URL(path, base)
}
