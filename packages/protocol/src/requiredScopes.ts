import type { ClientMessage } from "./ClientMessage.ts"
import type { TokenScope } from "./ServerMessage.ts"

/** Scope that a request requires. `none`: it needs no token. */
type RequiredScope = TokenScope | "none"

/**
 * Permission table: the scope that each message of a client and each HTTP route requires. A server checks requests against
 * it. Routes are written as in OpenAPI.
 */
export const requiredScopes = {
  messages: {
    auth: "none",
    subscribe: "read",
    unsubscribe: "read",
    command: "control",
    cancel: "control",
    "prompt.submit": "admin",
  },
  routes: {
    "GET /v1/state": "read",
    "GET /v1/events": "read",
    "POST /v1/commands": "control",
    "GET /v1/live/{account}/{kind}/{camera}": "control",
    // The signed URL is the permission.
    "GET /v1/media/{account}/{file}": "none",
    // The one-time code is the permission.
    "POST /v1/session": "none",
    "GET /v1/tokens": "admin",
    "POST /v1/tokens": "admin",
    "DELETE /v1/tokens/{id}": "admin",
    "GET /healthz": "none",
    "GET /readyz": "none",
    "GET /metrics": "none",
    "GET /schema/v1/{name}": "none",
    "GET /v1/docs": "none",
    "GET /": "none",
  },
} as const satisfies {
  readonly messages: Readonly<Record<ClientMessage["type"], RequiredScope>>
  readonly routes: Readonly<Record<`${"GET" | "POST" | "DELETE"} /${string}`, RequiredScope>>
}
