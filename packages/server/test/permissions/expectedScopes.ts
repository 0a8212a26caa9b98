/**
 * The permissions of the protocol, written out a second time: a change of the table in `protocol` fails until a person
 * repeats it here.
 */
export const expectedScopes = {
  messages: {
    auth: "none",
    subscribe: "read",
    unsubscribe: "read",
    command: "control",
    cancel: "control",
    "prompt.submit": "admin",
  },
  routes: {
    "GET /": "none",
    "GET /healthz": "none",
    "GET /readyz": "none",
    "GET /metrics": "none",
    "GET /schema/v1/{name}": "none",
    "GET /v1/docs": "none",
    "GET /v1/media/{account}/{file}": "none",
    "POST /v1/session": "none",
    "GET /v1/state": "read",
    "GET /v1/events": "read",
    "POST /v1/commands": "control",
    "GET /v1/live/{account}/{kind}/{camera}": "control",
    "GET /v1/tokens": "admin",
    "POST /v1/tokens": "admin",
    "DELETE /v1/tokens/{id}": "admin",
  },
} as const

const scopes = ["none", "read", "control", "admin"]

/** Returns what a request with a token must lead to. The scope of the token is `none` when there is no token. */
export const expectedOutcome = (
  required: (typeof scopes)[number],
  tokenScope: (typeof scopes)[number],
): "allowed" | "unauthenticated" | "forbidden" => {
  if (scopes.indexOf(tokenScope) >= scopes.indexOf(required)) return "allowed"
  return tokenScope === "none" ? "unauthenticated" : "forbidden"
}
