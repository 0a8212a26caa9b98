import { capabilities, ClientMessage, RequestId } from "@blink-streams/protocol"
import { Exit, Redacted, Schema } from "effect"
import { handleRequest } from "./handleRequest.ts"
import {
  closeWithError,
  errorAction,
  type PeerState,
  type Transition,
  type TransitionContext,
} from "./PeerState.ts"

const decodeMessage = Schema.decodeUnknownExit(Schema.fromJsonString(ClientMessage))

/**
 * Decodes type and id of an invalid frame, for the error message. In a message type of a later version `id` may be
 * any JSON.
 */
const decodeEnvelope = Schema.decodeUnknownExit(
  Schema.fromJsonString(Schema.Struct({ type: Schema.String, id: Schema.optionalKey(Schema.Json) })),
)
const isRequestId = Schema.is(RequestId)
const knownTypes: ReadonlySet<string> = new Set(Object.keys(ClientMessage.cases))

/** Rejects a frame that is no message. A type of a later version leaves the connection open. */
const rejectFrame = (state: PeerState, text: string, context: TransitionContext): Transition => {
  const envelope = decodeEnvelope(text)
  const id = Exit.isSuccess(envelope) && isRequestId(envelope.value.id) ? envelope.value.id : undefined
  if (Exit.isSuccess(envelope) && !knownTypes.has(envelope.value.type))
    return [state, [errorAction({ code: "unsupported", message: "unknown message type" }, context, id)]]
  return closeWithError(
    state,
    { code: 4400, reason: "malformed frame" },
    { code: "malformed", message: "the frame is not a message of this protocol" },
    context,
    id,
  )
}

/** Handles the first message, which must be `auth`. */
const authenticate = (state: PeerState, message: ClientMessage, context: TransitionContext): Transition => {
  if (message.type !== "auth" || state.phase === "verifying") {
    const reason = "the first message must be `auth`"
    const error = { code: "unauthenticated", message: reason } as const
    return closeWithError(state, { code: 4401, reason }, error, context, message.id)
  }
  const requested = message.capabilities
  return [
    {
      ...state,
      phase: "verifying",
      capabilities:
        requested === undefined
          ? state.capabilities
          : new Set(capabilities.filter((capability) => requested.includes(capability))),
      inFlight: new Map([[message.id, "auth"]]),
    },
    [{ type: "verify", id: message.id, token: Redacted.make(message.token) }],
  ]
}

/** Handles a text frame: checks the message rate, decodes it, and handles its message. */
export const receiveText = (previous: PeerState, text: string, context: TransitionContext): Transition => {
  const { limits, now } = context
  const emissionIntervalMs = 1000 / limits.messagesPerSecond
  const theoreticalArrival = Math.max(previous.theoreticalArrival, now) + emissionIntervalMs
  const state = { ...previous, theoreticalArrival }
  if (theoreticalArrival - now > limits.messageBurst * emissionIntervalMs) {
    const reason = "too many messages"
    return closeWithError(state, { code: 4429, reason }, { code: "rate_limited", message: reason }, context)
  }
  const decoded = decodeMessage(text)
  if (Exit.isFailure(decoded)) return rejectFrame(state, text, context)
  return state.phase === "ready"
    ? handleRequest(state, decoded.value, context)
    : authenticate(state, decoded.value, context)
}
