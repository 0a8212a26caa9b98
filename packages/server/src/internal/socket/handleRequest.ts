import {
  type Auth,
  type capabilities,
  type ClientMessage,
  requiredScopes,
  type Subscribe,
} from "@blink-streams/protocol"
import { Redacted } from "effect"
import type { Limits } from "../../Limits.ts"
import { hasScope } from "../../Permissions.ts"
import { knownTopics } from "../replay/matchesSubscription.ts"
import {
  errorAction,
  type PeerState,
  type RejectedRequest,
  type Transition,
  type TransitionContext,
} from "./PeerState.ts"

/** A message of an authenticated peer. */
type Request = Exclude<ClientMessage, Auth>

/** Returns the capabilities that a request requires. */
const requiredCapabilities = (message: Request): ReadonlyArray<(typeof capabilities)[number]> => {
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

/** Returns the error of a request that is rejected whatever it contains; `null` when it may proceed. */
const checkRequest = (state: PeerState, message: Request, limits: Limits): RejectedRequest | null => {
  if (state.inFlight.has(message.id))
    return { code: "duplicate_id", message: "a request with this id is pending" }
  if (state.inFlight.size >= limits.maxInFlight)
    return { code: "too_many_in_flight", message: `at most ${limits.maxInFlight} pending requests` }
  const scope = requiredScopes.messages[message.type]
  if (state.authToken === null || !hasScope(state.authToken.permissions, scope))
    return { code: "forbidden", message: `the token lacks the scope \`${scope}\`` }
  const missing = requiredCapabilities(message).find((capability) => !state.capabilities.has(capability))
  return missing === undefined
    ? null
    : { code: "unsupported", message: `\`${missing}\` is not among the capabilities of \`auth\`` }
}

/** Returns the error of a subscription that the server does not accept; `null` when it does. */
const checkSubscription = (
  { subscriptions }: PeerState,
  { id, topics }: Subscribe,
  { maxSubscriptions }: Limits,
): RejectedRequest | null => {
  if (topics.length === 0 || topics.some((topic) => topic !== "*" && !knownTopics.has(topic)))
    return { code: "unsupported", message: "no such topic", details: { topics: [...knownTopics] } }
  if (subscriptions.includes(id))
    return { code: "duplicate_id", message: "a subscription with this id exists" }
  return subscriptions.length >= maxSubscriptions
    ? { code: "too_many_subscriptions", message: `at most ${maxSubscriptions} subscriptions` }
    : null
}

const withRequest = (state: PeerState, id: string, kind: "command" | "other"): PeerState => ({
  ...state,
  inFlight: new Map([...state.inFlight, [id, kind]]),
})

/** Handles a message of an authenticated peer. */
export const handleRequest = (
  state: PeerState,
  message: ClientMessage,
  context: TransitionContext,
): Transition => {
  const { id } = message
  const reject = (error: RejectedRequest): Transition => [state, [errorAction(error, context, id)]]
  if (message.type === "auth")
    return reject({ code: "unsupported", message: "the connection is already authenticated" })
  const error = checkRequest(state, message, context.limits)
  if (error !== null) return reject(error)
  switch (message.type) {
    case "subscribe": {
      const subscriptionError = checkSubscription(state, message, context.limits)
      return subscriptionError === null
        ? [
            { ...state, subscriptions: [...state.subscriptions, id] },
            [{ type: "subscribe", request: message }],
          ]
        : reject(subscriptionError)
    }
    case "unsubscribe": {
      const { subscription } = message
      if (!state.subscriptions.includes(subscription))
        return reject({ code: "not_found", message: "no such subscription" })
      const subscriptions = state.subscriptions.filter((other) => other !== subscription)
      return [{ ...state, subscriptions }, [{ type: "unsubscribe", id, subscription }]]
    }
    case "command":
      return [withRequest(state, id, "command"), [{ type: "command", request: message }]]
    case "cancel":
      return state.inFlight.get(message.command) === "command"
        ? [state, [{ type: "cancel", id, command: message.command }]]
        : reject({ code: "not_found", message: "no running command has this id" })
    default:
      return [
        withRequest(state, id, "other"),
        [{ type: "submit_prompt", id, prompt: message.prompt, value: Redacted.make(message.value) }],
      ]
  }
}
