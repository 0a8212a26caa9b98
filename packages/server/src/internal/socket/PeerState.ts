import {
  capabilities,
  type Capability,
  ClientMessage,
  type CloseCode,
  type CommandMessage,
  type ErrorCode,
  type ProtocolError,
  protocolError,
  RequestId,
  type ServerMessage,
  type Subscribe,
} from "@blink-streams/protocol"
import { Exit, Redacted, Schema } from "effect"
import type { Limits } from "../../Limits.ts"
import { hasScope } from "../../Permissions.ts"
import type { AuthenticatedToken } from "../../Tokens.ts"
import { knownTopics } from "../replay/matchesSubscription.ts"

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

type Transition = readonly [PeerState, ReadonlyArray<PeerAction>]

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

const close = (code: CloseCode, reason: string): PeerAction => ({ type: "close", code, reason })

const withoutKey = (map: PeerState["inFlight"], key: string): PeerState["inFlight"] => {
  const remaining = new Map(map)
  remaining.delete(key)
  return remaining.size === 0 ? emptyCollections.inFlight : remaining
}

const requiredScope = (message: ClientMessage): "read" | "control" | "admin" => {
  if (message.type === "command" || message.type === "cancel") return "control"
  return message.type === "prompt.submit" ? "admin" : "read"
}

/** Returns the capabilities that a message requires. */
const requiredCapabilities = (message: ClientMessage): ReadonlyArray<Capability> => {
  switch (message.type) {
    case "command":
    case "cancel":
      return ["commands"]
    case "prompt.submit":
      return ["prompts"]
    case "subscribe":
      return [
        ...(message.since === undefined ? [] : ["resume" as const]),
        ...(message.filter === undefined ? [] : ["filter" as const]),
      ]
    default:
      return []
  }
}

/** Pure transition function: returns the next state and the actions to perform. */
export const transition = (state: PeerState, input: PeerInput, context: TransitionContext): Transition => {
  if (state.phase === "closed") return [state, []]
  const closed = { ...state, phase: "closed" as const }
  const errorAction = (
    code: ErrorCode,
    message: string,
    id?: string,
    details?: ProtocolError["details"],
  ): PeerAction => ({
    type: "send",
    message: {
      type: "error",
      ...(id === undefined ? {} : { id }),
      error: protocolError(code, message, context.correlationId(), details === undefined ? {} : { details }),
    },
  })
  switch (input.type) {
    case "closed":
      return [closed, []]
    case "deadline":
      return state.phase === "ready"
        ? [state, []]
        : [
            closed,
            [
              errorAction("unauthenticated", "no valid token within the time limit"),
              close(4401, "no valid token within the time limit"),
            ],
          ]
    case "revoked":
      return [
        closed,
        [
          errorAction("unauthenticated", "the token was revoked or has expired"),
          close(4403, "the token was revoked or has expired"),
        ],
      ]
    case "binary":
      return [
        closed,
        [
          errorAction("malformed", "binary frames are not part of this protocol"),
          close(4400, "binary frame"),
        ],
      ]
    case "completed":
      return [{ ...state, inFlight: withoutKey(state.inFlight, input.id) }, []]
    case "verified": {
      const id = input.id
      if (input.authToken === null || !hasScope(input.authToken.permissions, "read"))
        return [
          closed,
          [
            errorAction("unauthenticated", "the token is invalid, expired or revoked", id ?? undefined),
            close(4401, "the token is invalid"),
          ],
        ]
      return [
        {
          ...state,
          phase: "ready",
          authToken: input.authToken,
          inFlight: id === null ? state.inFlight : withoutKey(state.inFlight, id),
        },
        [{ type: "accept", id, authToken: input.authToken, capabilities: state.capabilities }],
      ]
    }
    default:
      return receiveText(state, input.text, context, errorAction)
  }
}

const receiveText = (
  previous: PeerState,
  text: string,
  { limits, now }: TransitionContext,
  errorAction: (
    code: ErrorCode,
    message: string,
    id?: string,
    details?: ProtocolError["details"],
  ) => PeerAction,
): Transition => {
  const emissionIntervalMs = 1000 / limits.messagesPerSecond
  const theoreticalArrival = Math.max(previous.theoreticalArrival, now) + emissionIntervalMs
  const state = { ...previous, theoreticalArrival }
  const closed = { ...state, phase: "closed" as const }
  if (theoreticalArrival - now > limits.messageBurst * emissionIntervalMs)
    return [closed, [errorAction("rate_limited", "too many messages"), close(4429, "too many messages")]]

  const decoded = decodeMessage(text)
  if (Exit.isFailure(decoded)) {
    const envelope = decodeEnvelope(text)
    const id = Exit.isSuccess(envelope) && isRequestId(envelope.value.id) ? envelope.value.id : undefined
    if (Exit.isSuccess(envelope) && !knownTypes.has(envelope.value.type))
      return [state, [errorAction("unsupported", "unknown message type", id)]]
    return [
      closed,
      [
        errorAction("malformed", "the frame is not a message of this protocol", id),
        close(4400, "malformed frame"),
      ],
    ]
  }
  const message = decoded.value

  if (state.phase !== "ready") {
    if (message.type !== "auth" || state.phase === "verifying")
      return [
        closed,
        [
          errorAction("unauthenticated", "the first message must be `auth`", message.id),
          close(4401, "the first message must be `auth`"),
        ],
      ]
    const requestedCapabilities = message.capabilities
    return [
      {
        ...state,
        phase: "verifying",
        capabilities:
          requestedCapabilities === undefined
            ? state.capabilities
            : new Set(capabilities.filter((capability) => requestedCapabilities.includes(capability))),
        inFlight: new Map([[message.id, "auth"]]),
      },
      [{ type: "verify", id: message.id, token: Redacted.make(message.token) }],
    ]
  }

  const { id } = message
  if (message.type === "auth")
    return [state, [errorAction("unsupported", "the connection is already authenticated", id)]]
  if (state.inFlight.has(id))
    return [state, [errorAction("duplicate_id", "a request with this id is pending", id)]]
  if (state.inFlight.size >= limits.maxInFlight)
    return [state, [errorAction("too_many_in_flight", `at most ${limits.maxInFlight} pending requests`, id)]]
  if (state.authToken === null || !hasScope(state.authToken.permissions, requiredScope(message)))
    return [state, [errorAction("forbidden", `the token lacks the scope \`${requiredScope(message)}\``, id)]]
  const missing = requiredCapabilities(message).find((capability) => !state.capabilities.has(capability))
  if (missing !== undefined)
    return [
      state,
      [errorAction("unsupported", `\`${missing}\` is not among the capabilities of \`auth\``, id)],
    ]

  switch (message.type) {
    case "subscribe": {
      const unknownTopics = message.topics.filter((topic) => topic !== "*" && !knownTopics.has(topic))
      if (unknownTopics.length > 0 || message.topics.length === 0)
        return [state, [errorAction("unsupported", "no such topic", id, { topics: [...knownTopics] })]]
      if (state.subscriptions.includes(id))
        return [state, [errorAction("duplicate_id", "a subscription with this id exists", id)]]
      if (state.subscriptions.length >= limits.maxSubscriptions)
        return [
          state,
          [errorAction("too_many_subscriptions", `at most ${limits.maxSubscriptions} subscriptions`, id)],
        ]
      return [
        { ...state, subscriptions: [...state.subscriptions, id] },
        [{ type: "subscribe", request: message }],
      ]
    }
    case "unsubscribe": {
      const { subscription } = message
      if (!state.subscriptions.includes(subscription))
        return [state, [errorAction("not_found", "no such subscription", id)]]
      return [
        {
          ...state,
          subscriptions: state.subscriptions.filter((other) => other !== subscription),
        },
        [{ type: "unsubscribe", id, subscription }],
      ]
    }
    case "command":
      return [
        { ...state, inFlight: new Map([...state.inFlight, [id, "command"]]) },
        [{ type: "command", request: message }],
      ]
    case "cancel":
      return state.inFlight.get(message.command) === "command"
        ? [state, [{ type: "cancel", id, command: message.command }]]
        : [state, [errorAction("not_found", "no running command has this id", id)]]
    default:
      return [
        { ...state, inFlight: new Map([...state.inFlight, [id, "other"]]) },
        [{ type: "submit_prompt", id, prompt: message.prompt, value: Redacted.make(message.value) }],
      ]
  }
}
