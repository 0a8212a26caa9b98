import { ClientMessage, type Command, RequestId, type Subscribe } from "@blink-streams/protocol/ClientMessage"
import type { CloseCode } from "@blink-streams/protocol/CloseCode"
import type { ErrorCode } from "@blink-streams/protocol/ErrorCode"
import { type ProtocolError, protocolError } from "@blink-streams/protocol/ProtocolError"
import { capabilities, type Capability } from "@blink-streams/protocol/protocol"
import type { ServerMessage } from "@blink-streams/protocol/ServerMessage"
import { Exit, Redacted, Schema } from "effect"
import { hasScope } from "../Grant.ts"
import type { Limits } from "../Limits.ts"
import { topics } from "../Subscription.ts"
import type { Bearer } from "../Tokens.ts"

/** One connection's side of the conversation. */
export interface PeerState {
  readonly phase: "greeted" | "verifying" | "ready" | "closed"
  readonly bearer: Bearer | null
  readonly capabilities: ReadonlySet<string>
  readonly subscriptions: ReadonlyArray<string>
  /** Requests without an answer yet, by id; which of them are commands. */
  readonly inFlight: ReadonlyMap<string, "auth" | "command" | "other">
  /** When its messages so far would all have been due, had they come evenly. Ahead of now by what is left of the burst. */
  readonly paidUntil: number
}

/** What happens to a peer. */
export type PeerInput =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "binary" }
  | { readonly type: "verified"; readonly id: string | null; readonly bearer: Bearer | null }
  | { readonly type: "answered"; readonly id: string }
  | { readonly type: "deadline" }
  /** Or expired. */
  | { readonly type: "revoked" }
  | { readonly type: "closed" }

/** What is to be done about it, in order. */
export type PeerAction =
  | { readonly type: "send"; readonly message: ServerMessage }
  | { readonly type: "close"; readonly code: CloseCode; readonly reason: string }
  | { readonly type: "verify"; readonly id: string; readonly token: Redacted.Redacted }
  | {
      readonly type: "accept"
      readonly id: string | null
      readonly bearer: Bearer
      readonly capabilities: ReadonlySet<string>
    }
  | { readonly type: "subscribe"; readonly request: Subscribe }
  | { readonly type: "unsubscribe"; readonly id: string; readonly subscription: string }
  | { readonly type: "command"; readonly request: Command }
  | { readonly type: "cancel"; readonly id: string; readonly command: string }
  | {
      readonly type: "answer"
      readonly id: string
      readonly prompt: string
      readonly value: Redacted.Redacted
    }

export interface PeerRules {
  readonly limits: Limits
  readonly now: number
  /** For the next error, so that its line in the log is found. */
  readonly correlationId: () => string
}

type Step = readonly [PeerState, ReadonlyArray<PeerAction>]

/** Shared, because most peers never have another. */
const nothing: Pick<PeerState, "capabilities" | "subscriptions" | "inFlight"> = {
  capabilities: new Set(capabilities),
  subscriptions: [],
  inFlight: new Map(),
}

/** One that has just connected. */
export const newPeer: PeerState = {
  phase: "greeted",
  bearer: null,
  ...nothing,
  paidUntil: 0,
}

const decode = Schema.decodeUnknownExit(Schema.fromJsonString(ClientMessage))

/** Enough of a broken frame to answer it. What the `id` of a type to come looks like is not known here. */
const envelope = Schema.decodeUnknownExit(
  Schema.fromJsonString(Schema.Struct({ type: Schema.String, id: Schema.optionalKey(Schema.Json) })),
)
const isRequestId = Schema.is(RequestId)
const knownTypes: ReadonlySet<string> = new Set(Object.keys(ClientMessage.cases))

const close = (code: CloseCode, reason: string): PeerAction => ({ type: "close", code, reason })

const without = (map: PeerState["inFlight"], key: string): PeerState["inFlight"] => {
  const rest = new Map(map)
  rest.delete(key)
  return rest.size === 0 ? nothing.inFlight : rest
}

const needs = (message: ClientMessage): "read" | "control" | "admin" => {
  if (message.type === "command" || message.type === "cancel") return "control"
  return message.type === "prompt.answer" ? "admin" : "read"
}

/** What a message needs beside what every client may do. */
const capabilitiesOf = (message: ClientMessage): ReadonlyArray<Capability> => {
  switch (message.type) {
    case "command":
    case "cancel":
      return ["commands"]
    case "prompt.answer":
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

/** Message in, actions out; no clock, socket or store in sight. */
export const step = (state: PeerState, input: PeerInput, rules: PeerRules): Step => {
  if (state.phase === "closed") return [state, []]
  const closed = { ...state, phase: "closed" as const }
  const fail = (
    code: ErrorCode,
    message: string,
    id?: string,
    details?: ProtocolError["details"],
  ): PeerAction => ({
    type: "send",
    message: {
      type: "error",
      ...(id === undefined ? {} : { id }),
      error: protocolError(code, message, rules.correlationId(), details === undefined ? {} : { details }),
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
            [fail("unauthenticated", "no valid token came in time"), close(4401, "no valid token in time")],
          ]
    case "revoked":
      return [
        closed,
        [
          fail("unauthenticated", "the token was revoked or has expired"),
          close(4403, "the token was revoked or has expired"),
        ],
      ]
    case "binary":
      return [
        closed,
        [fail("malformed", "binary frames are not part of this protocol"), close(4400, "binary frame")],
      ]
    case "answered":
      return [{ ...state, inFlight: without(state.inFlight, input.id) }, []]
    case "verified": {
      const id = input.id
      if (input.bearer === null || !hasScope(input.bearer.grant, "read"))
        return [
          closed,
          [
            fail("unauthenticated", "the token is wrong, expired or revoked", id ?? undefined),
            close(4401, "the token is wrong"),
          ],
        ]
      return [
        {
          ...state,
          phase: "ready",
          bearer: input.bearer,
          inFlight: id === null ? state.inFlight : without(state.inFlight, id),
        },
        [{ type: "accept", id, bearer: input.bearer, capabilities: state.capabilities }],
      ]
    }
    default:
      return receive(state, input.text, rules, fail)
  }
}

const receive = (
  before: PeerState,
  text: string,
  { limits, now }: PeerRules,
  fail: (code: ErrorCode, message: string, id?: string, details?: ProtocolError["details"]) => PeerAction,
): Step => {
  const between = 1000 / limits.messagesPerSecond
  const paidUntil = Math.max(before.paidUntil, now) + between
  const state = { ...before, paidUntil }
  const closed = { ...state, phase: "closed" as const }
  if (paidUntil - now > limits.messageBurst * between)
    return [closed, [fail("rate_limited", "too many messages"), close(4429, "too many messages")]]

  const decoded = decode(text)
  if (Exit.isFailure(decoded)) {
    const outer = envelope(text)
    const id = Exit.isSuccess(outer) && isRequestId(outer.value.id) ? outer.value.id : undefined
    if (Exit.isSuccess(outer) && !knownTypes.has(outer.value.type))
      return [state, [fail("unsupported", "the type is not known here", id)]]
    return [
      closed,
      [fail("malformed", "the frame is no message of this protocol", id), close(4400, "malformed frame")],
    ]
  }
  const message = decoded.value

  if (state.phase !== "ready") {
    if (message.type !== "auth" || state.phase === "verifying")
      return [
        closed,
        [fail("unauthenticated", "`auth` comes first", message.id), close(4401, "`auth` comes first")],
      ]
    const understood = message.capabilities
    return [
      {
        ...state,
        phase: "verifying",
        capabilities:
          understood === undefined
            ? state.capabilities
            : new Set(capabilities.filter((capability) => understood.includes(capability))),
        inFlight: new Map([[message.id, "auth"]]),
      },
      [{ type: "verify", id: message.id, token: Redacted.make(message.token) }],
    ]
  }

  const { id } = message
  if (message.type === "auth") return [state, [fail("unsupported", "the token is already accepted", id)]]
  if (state.inFlight.has(id))
    return [state, [fail("duplicate_id", "a request with this id is under way", id)]]
  if (state.inFlight.size >= limits.maxInFlight)
    return [state, [fail("too_many_in_flight", `at most ${limits.maxInFlight} requests at once`, id)]]
  if (state.bearer === null || !hasScope(state.bearer.grant, needs(message)))
    return [state, [fail("forbidden", `the token lacks the scope \`${needs(message)}\``, id)]]
  const missing = capabilitiesOf(message).find((capability) => !state.capabilities.has(capability))
  if (missing !== undefined)
    return [state, [fail("unsupported", `\`${missing}\` was not among the capabilities of \`auth\``, id)]]

  switch (message.type) {
    case "subscribe": {
      const unknown = message.topics.filter((topic) => topic !== "*" && !topics.has(topic))
      if (unknown.length > 0 || message.topics.length === 0)
        return [state, [fail("unsupported", "no such topic", id, { topics: [...topics] })]]
      if (state.subscriptions.includes(id))
        return [state, [fail("duplicate_id", "a subscription has this id", id)]]
      if (state.subscriptions.length >= limits.maxSubscriptions)
        return [
          state,
          [fail("too_many_subscriptions", `at most ${limits.maxSubscriptions} subscriptions at once`, id)],
        ]
      return [
        { ...state, subscriptions: [...state.subscriptions, id] },
        [{ type: "subscribe", request: message }],
      ]
    }
    case "unsubscribe": {
      const { subscription } = message
      if (!state.subscriptions.includes(subscription))
        return [state, [fail("not_found", "no such subscription", id)]]
      return [
        {
          ...state,
          subscriptions: state.subscriptions.filter((known) => known !== subscription),
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
        : [state, [fail("not_found", "no such command is under way", id)]]
    default:
      return [
        { ...state, inFlight: new Map([...state.inFlight, [id, "other"]]) },
        [{ type: "answer", id, prompt: message.prompt, value: Redacted.make(message.value) }],
      ]
  }
}
