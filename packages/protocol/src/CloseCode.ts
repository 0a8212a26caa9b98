/**
 * Close codes of the websocket. `reconnect` is true when a client should reconnect with the same token and
 * URL.
 */
export const closeCodes = {
  1000: { name: "normal", reconnect: false, meaning: "Normal closure by the client." },
  1001: {
    name: "shutdown",
    reconnect: true,
    meaning: "The server shuts down; `shutdown` contains the reconnect delay.",
  },
  1009: { name: "too_big", reconnect: false, meaning: "A message exceeds `hello.limits.maxMessageBytes`." },
  4400: { name: "malformed", reconnect: false, meaning: "A frame is not a message of this protocol." },
  4401: { name: "unauthenticated", reconnect: false, meaning: "No valid token within the deadline." },
  4403: { name: "forbidden", reconnect: false, meaning: "The token is revoked or expired." },
  4408: { name: "heartbeat_lost", reconnect: true, meaning: "Two pings got no pong." },
  4409: {
    name: "protocol_version",
    reconnect: false,
    meaning: "The client offers no supported protocol version.",
  },
  4429: { name: "rate_limited", reconnect: true, meaning: "Too many messages; reconnect later." },
  4430: {
    name: "slow_consumer",
    reconnect: true,
    meaning: "The peer read nothing for 60 s; reconnect and resume.",
  },
} as const satisfies Record<
  number,
  { readonly name: string; readonly reconnect: boolean; readonly meaning: string }
>
export type CloseCode = keyof typeof closeCodes
