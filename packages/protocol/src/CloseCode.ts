/** Why a socket was closed, and whether a client should come back with the same token and address. */
export const closeCodes = {
  1000: { name: "normal", reconnect: false, meaning: "The client said goodbye." },
  1001: {
    name: "shutdown",
    reconnect: true,
    meaning: "The server stops; `shutdown` said when to come back.",
  },
  1009: { name: "too_big", reconnect: false, meaning: "A message was larger than `hello.limits` allows." },
  4400: { name: "malformed", reconnect: false, meaning: "A frame was no message of this protocol." },
  4401: { name: "unauthenticated", reconnect: false, meaning: "No valid token within the deadline." },
  4403: { name: "forbidden", reconnect: false, meaning: "The token was revoked or has expired." },
  4408: { name: "heartbeat_lost", reconnect: true, meaning: "Two pings went unanswered." },
  4409: { name: "protocol_version", reconnect: false, meaning: "The client offered no version spoken here." },
  4429: { name: "rate_limited", reconnect: true, meaning: "Too many messages; come back later." },
  4430: { name: "slow_consumer", reconnect: true, meaning: "The peer read nothing for too long; resume." },
} as const satisfies Record<
  number,
  { readonly name: string; readonly reconnect: boolean; readonly meaning: string }
>
export type CloseCode = keyof typeof closeCodes
