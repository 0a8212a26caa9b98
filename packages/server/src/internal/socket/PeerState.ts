import {
  capabilities,
  type CloseCode,
  type CommandMessage,
  type ErrorCode,
  type ProtocolError,
  protocolError,
  type ServerMessage,
  type Subscribe,
} from "@blink-streams/protocol"
import type { Redacted } from "effect"
import type { Limits } from "../../Limits.ts"
import type { AuthenticatedToken } from "../../Tokens.ts"

/** Protocol state of one connection. */
export interface PeerState {
  readonly phase: "connected" | "verifying" | "ready" | "closed"
  readonly authToken: AuthenticatedToken | null
  readonly capabilities: ReadonlySet<string>
  readonly subscriptions: ReadonlyArray<string>
  /** Pending requests by id. */
  readonly inFlight: ReadonlyMap<string, "auth" | "command" | "other">
  /**
   * Theoretical arrival time of the next message in milliseconds. Messages are limited by the generic cell rate
   * algorithm (GCRA, https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm).
   */
  readonly theoreticalArrival: number
}

/** Inputs of the state machine. */
export type PeerInput =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "binary" }
  | { readonly type: "verified"; readonly id: string | null; readonly authToken: AuthenticatedToken | null }
  | { readonly type: "completed"; readonly id: string }
  | { readonly type: "deadline" }
  /** The token was revoked or has expired. */
  | { readonly type: "revoked" }
  | { readonly type: "closed" }

/** Actions of the state machine, in the order in which they are performed. */
export type PeerAction =
  | { readonly type: "send"; readonly message: ServerMessage }
  | { readonly type: "close"; readonly code: CloseCode; readonly reason: string }
  | { readonly type: "verify"; readonly id: string; readonly token: Redacted.Redacted }
  | {
      readonly type: "accept"
      readonly id: string | null
      readonly authToken: AuthenticatedToken
      readonly capabilities: ReadonlySet<string>
    }
  | { readonly type: "subscribe"; readonly request: Subscribe }
  | { readonly type: "unsubscribe"; readonly id: string; readonly subscription: string }
  | { readonly type: "command"; readonly request: CommandMessage }
  | { readonly type: "cancel"; readonly id: string; readonly command: string }
  | {
      readonly type: "submit_prompt"
      readonly id: string
      readonly prompt: string
      readonly value: Redacted.Redacted
    }

/** Values that a transition depends on, besides state and input. */
export interface TransitionContext {
  readonly limits: Limits
  readonly now: number
  /** Returns a correlation id for the next error. */
  readonly correlationId: () => string
}

export type Transition = readonly [PeerState, ReadonlyArray<PeerAction>]

/** Initial collections. All peers share them, to save memory. */
const emptyCollections: Pick<PeerState, "capabilities" | "subscriptions" | "inFlight"> = {
  capabilities: new Set(capabilities),
  subscriptions: [],
  inFlight: new Map(),
}

/** State of a new connection. */
export const initialPeerState: PeerState = {
  phase: "connected",
  authToken: null,
  ...emptyCollections,
  theoreticalArrival: 0,
}

/** Error of a request, without its correlation id. */
export interface RejectedRequest {
  readonly code: ErrorCode
  readonly message: string
  readonly details?: ProtocolError["details"]
}

/** Returns the action that sends an error. Without `id` it concerns the connection. */
export const errorAction = (
  { code, message, details }: RejectedRequest,
  { correlationId }: TransitionContext,
  id?: string,
): PeerAction => ({
  type: "send",
  message: {
    type: "error",
    ...(id === undefined ? {} : { id }),
    error: protocolError(code, message, correlationId(), details === undefined ? {} : { details }),
  },
})

/** Returns the transition that sends an error and closes the connection. */
export const closeWithError = (
  state: PeerState,
  { code, reason }: { readonly code: CloseCode; readonly reason: string },
  error: RejectedRequest,
  context: TransitionContext,
  id?: string,
): Transition => [
  { ...state, phase: "closed" },
  [errorAction(error, context, id), { type: "close", code, reason }],
]

/** Returns the pending requests without `key`. */
export const withoutRequest = (requests: PeerState["inFlight"], key: string): PeerState["inFlight"] => {
  const remaining = new Map(requests)
  remaining.delete(key)
  return remaining.size === 0 ? emptyCollections.inFlight : remaining
}
