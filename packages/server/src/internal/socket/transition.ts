import { hasScope } from "../../Permissions.ts"
import {
  closeWithError,
  type PeerInput,
  type PeerState,
  type Transition,
  type TransitionContext,
  withoutRequest,
} from "./PeerState.ts"
import { receiveText } from "./receiveText.ts"

const close = (
  state: PeerState,
  code: 4401 | 4403,
  message: string,
  context: TransitionContext,
  id?: string,
): Transition =>
  closeWithError(state, { code, reason: message }, { code: "unauthenticated", message }, context, id)

const verified = (
  state: PeerState,
  { id, authToken }: Extract<PeerInput, { readonly type: "verified" }>,
  context: TransitionContext,
): Transition => {
  // A connection is of no use without the lowest scope.
  if (authToken === null || !hasScope(authToken.permissions, "read"))
    return closeWithError(
      state,
      { code: 4401, reason: "the token is invalid" },
      { code: "unauthenticated", message: "the token is invalid, expired or revoked" },
      context,
      id ?? undefined,
    )
  const inFlight = id === null ? state.inFlight : withoutRequest(state.inFlight, id)
  return [
    { ...state, phase: "ready", authToken, inFlight },
    [{ type: "accept", id, authToken, capabilities: state.capabilities }],
  ]
}

/** Pure transition function: returns the next state and the actions to perform. */
export const transition = (state: PeerState, input: PeerInput, context: TransitionContext): Transition => {
  if (state.phase === "closed") return [state, []]
  switch (input.type) {
    case "closed":
      return [{ ...state, phase: "closed" }, []]
    case "deadline":
      return state.phase === "ready"
        ? [state, []]
        : close(state, 4401, "no valid token within the time limit", context)
    case "revoked":
      return close(state, 4403, "the token was revoked or has expired", context)
    case "binary":
      return closeWithError(
        state,
        { code: 4400, reason: "binary frame" },
        { code: "malformed", message: "binary frames are not part of this protocol" },
        context,
      )
    case "completed":
      return [{ ...state, inFlight: withoutRequest(state.inFlight, input.id) }, []]
    case "verified":
      return verified(state, input, context)
    default:
      return receiveText(state, input.text, context)
  }
}
