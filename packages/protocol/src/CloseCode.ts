/**
 * Close codes of the websocket. `reconnect` is true when a client should reconnect with the same token and
 * URL. `failure` is the reason why the connection is lost, as the client reports it: the token is not valid
 * (`unauthorized`) or no longer valid (`forbidden`), the server does not accept the web page (`origin_not_allowed`), both
 * sides do not speak the same protocol (`protocol`), or the server is not available at present (`unreachable`); `null` for
 * a normal closure.
 */
export const closeCodes = {
  1000: { name: "normal", reconnect: false, failure: null, meaning: "Normal closure by the client." },
  1001: {
    name: "shutdown",
    reconnect: true,
    failure: "unreachable",
    meaning: "The server shuts down; `shutdown` contains the reconnect delay.",
  },
  1009: {
    name: "too_big",
    reconnect: false,
    failure: "protocol",
    meaning: "A message exceeds `hello.limits.maxMessageBytes`.",
  },
  4400: {
    name: "malformed",
    reconnect: false,
    failure: "protocol",
    meaning: "A frame is not a message of this protocol.",
  },
  4401: {
    name: "unauthenticated",
    reconnect: false,
    failure: "unauthorized",
    meaning: "No valid token within the deadline.",
  },
  4403: {
    name: "forbidden",
    reconnect: false,
    failure: "forbidden",
    meaning: "The token is revoked or expired.",
  },
  4406: {
    name: "origin_not_allowed",
    reconnect: false,
    failure: "origin_not_allowed",
    meaning: "The server does not accept web pages of this origin.",
  },
  4408: {
    name: "heartbeat_lost",
    reconnect: true,
    failure: "unreachable",
    meaning: "Two pings got no pong.",
  },
  4409: {
    name: "protocol_version",
    reconnect: false,
    failure: "protocol",
    meaning: "The client offers no supported protocol version.",
  },
  4429: {
    name: "rate_limited",
    reconnect: true,
    failure: "unreachable",
    meaning: "Too many messages; reconnect later.",
  },
  4430: {
    name: "slow_consumer",
    reconnect: true,
    failure: "unreachable",
    meaning: "The peer read nothing for 60 s; reconnect and resume.",
  },
} as const satisfies Record<
  number,
  {
    readonly name: string
    readonly reconnect: boolean
    readonly failure: "unauthorized" | "forbidden" | "origin_not_allowed" | "protocol" | "unreachable" | null
    readonly meaning: string
  }
>
export type CloseCode = keyof typeof closeCodes
