import { ConnectionError } from "../../ConnectionError.ts"

const schemes = /^(?:ws|wss|http|https)(?:\+unix)?:$/

/** Returns the websocket URL of an address. Throws a `ConnectionError` when it is none: a missing scheme is not guessed. */
export const socketUrl = (address: string | URL): string => {
  const text = String(address)
  const parsed = URL.canParse(text) ? new URL(text) : null
  if (parsed === null || !schemes.test(parsed.protocol))
    throw new ConnectionError("invalid_address", { reason: `"${text}" is not the address of a server` })
  return text.replace(/^http/i, "ws")
}
