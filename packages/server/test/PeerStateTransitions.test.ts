import { type ClientMessage, protocolError, type ErrorCode, capabilities } from "@blink-streams/protocol"
import { assert, describe, it } from "@effect/vitest"
import { Redacted } from "effect"
import {
  initialPeerState,
  type PeerAction,
  type PeerInput,
  type PeerState,
} from "../src/internal/socket/PeerState.ts"
import { transition } from "../src/internal/socket/transition.ts"
import { knownTopics } from "../src/internal/replay/matchesSubscription.ts"
import { defaultLimits } from "../src/Limits.ts"
import { fullPermissions } from "../src/Permissions.ts"

const limits = {
  ...defaultLimits,
  maxSubscriptions: 2,
  maxInFlight: 2,
  messageBurst: 3,
  messagesPerSecond: 2,
}
const authToken = { tokenId: "t", permissions: fullPermissions, expiresAt: null }
const withScopes = (...scopes: typeof fullPermissions.scopes) => ({
  ...authToken,
  permissions: { ...fullPermissions, scopes },
})

const step = (state: PeerState, input: PeerInput, now = 0) =>
  transition(state, input, { limits, now, correlationId: () => "c" })
const text = (message: ClientMessage): PeerInput => ({ type: "text", text: JSON.stringify(message) })

const error = (
  code: ErrorCode,
  message: string,
  id?: string,
  extra?: Parameters<typeof protocolError>[3],
): PeerAction => ({
  type: "send",
  message: {
    type: "error",
    ...(id === undefined ? {} : { id }),
    error: protocolError(code, message, "c", extra),
  },
})
const close = (code: 4400 | 4401 | 4403 | 4429, reason: string): PeerAction => ({
  type: "close",
  code,
  reason,
})

const ready: PeerState = { ...initialPeerState, phase: "ready", authToken }
const verifying: PeerState = { ...initialPeerState, phase: "verifying", inFlight: new Map([["a", "auth"]]) }
const busy: PeerState = { ...ready, inFlight: new Map([["c", "command"]]), subscriptions: ["s"] }

/** A message costs half a second of the rate, from the time of the first one. */
const afterMessage = { theoreticalArrival: 500 }

type Case = readonly [string, PeerState, PeerInput, Partial<PeerState>, ReadonlyArray<PeerAction>]

const assertCases = (cases: ReadonlyArray<Case>) => {
  for (const [title, state, input, change, actions] of cases)
    it(title, () => {
      const [next, performed] = step(state, input)
      assert.deepStrictEqual(next, { ...state, ...change })
      assert.deepStrictEqual(performed, actions)
    })
}

it("A new connection has all capabilities, and no token, subscription or request", () =>
  assert.deepStrictEqual(initialPeerState, {
    phase: "connected",
    authToken: null,
    capabilities: new Set(capabilities),
    subscriptions: [],
    inFlight: new Map(),
    theoreticalArrival: 0,
  }))

describe("Inputs other than messages", () => {
  const closed = { phase: "closed" } as const
  const late = "no valid token within the time limit"
  const revoked = "the token was revoked or has expired"
  assertCases([
    ["A peer that closes performs no action", ready, { type: "closed" }, closed, []],
    ["The deadline does not concern an authenticated peer", ready, { type: "deadline" }, {}, []],
    [
      "The deadline closes a peer that has sent no token",
      initialPeerState,
      { type: "deadline" },
      closed,
      [error("unauthenticated", late), close(4401, late)],
    ],
    [
      "The deadline closes a peer whose token is not verified yet",
      verifying,
      { type: "deadline" },
      closed,
      [error("unauthenticated", late), close(4401, late)],
    ],
    [
      "A revoked token closes its peer with 4403",
      ready,
      { type: "revoked" },
      closed,
      [error("unauthenticated", revoked), close(4403, revoked)],
    ],
    [
      "A binary frame closes with 4400",
      ready,
      { type: "binary" },
      closed,
      [error("malformed", "binary frames are not part of this protocol"), close(4400, "binary frame")],
    ],
    [
      "A completed request is no longer pending, and others are",
      { ...busy, inFlight: new Map([...busy.inFlight, ["d", "other"]]) },
      { type: "completed", id: "c" },
      { inFlight: new Map([["d", "other"]]) },
      [],
    ],
    [
      "A verified token is accepted with the requested capabilities, and its request is completed",
      { ...verifying, capabilities: new Set(["resume"]) },
      { type: "verified", id: "a", authToken },
      { phase: "ready", authToken, inFlight: new Map() },
      [{ type: "accept", id: "a", authToken, capabilities: new Set(["resume"]) }],
    ],
    [
      "A token in the upgrade request is accepted without an id",
      initialPeerState,
      { type: "verified", id: null, authToken },
      { phase: "ready", authToken },
      [{ type: "accept", id: null, authToken, capabilities: new Set(capabilities) }],
    ],
    [
      "A token with scope `read` is accepted",
      initialPeerState,
      { type: "verified", id: null, authToken: withScopes("read") },
      { phase: "ready", authToken: withScopes("read") },
      [{ type: "accept", id: null, authToken: withScopes("read"), capabilities: new Set(capabilities) }],
    ],
    [
      "A token without a scope closes with 4401",
      verifying,
      { type: "verified", id: "a", authToken: withScopes() },
      closed,
      [
        error("unauthenticated", "the token is invalid, expired or revoked", "a"),
        close(4401, "the token is invalid"),
      ],
    ],
    [
      "An unknown token in the upgrade request closes with 4401 and an error without an id",
      initialPeerState,
      { type: "verified", id: null, authToken: null },
      closed,
      [
        error("unauthenticated", "the token is invalid, expired or revoked"),
        close(4401, "the token is invalid"),
      ],
    ],
  ])

  it("The last completed request leaves the collection that all idle peers share", () =>
    assert.strictEqual(step(busy, { type: "completed", id: "c" })[0].inFlight, initialPeerState.inFlight))

  it("A closed peer keeps its state, whatever arrives", () => {
    const closedPeer: PeerState = { ...ready, phase: "closed" }
    for (const input of [
      text({ type: "unsubscribe", id: "u", subscription: "s" }),
      { type: "revoked" } as const,
    ])
      assert.deepStrictEqual(step(closedPeer, input), [closedPeer, []])
  })
})

describe("Messages before the token is verified", () => {
  const first = "the first message must be `auth`"
  const closed = { phase: "closed", ...afterMessage } as const
  const rejected = (id: string) => [error("unauthenticated", first, id), close(4401, first)]
  const auth = { type: "auth", id: "a", token: "secret" } as const
  const verify: PeerAction = { type: "verify", id: "a", token: Redacted.make("secret") }
  const pending = {
    phase: "verifying",
    inFlight: new Map([["a", "auth" as const]]),
    ...afterMessage,
  } as const
  assertCases([
    ["`auth` starts the verification", initialPeerState, text(auth), pending, [verify]],
    [
      "`auth` selects among the known capabilities",
      initialPeerState,
      text({ ...auth, capabilities: ["prompts", "from-the-future", "resume"] }),
      { ...pending, capabilities: new Set(["resume", "prompts"]) },
      [verify],
    ],
    [
      "A message before `auth` closes with 4401",
      initialPeerState,
      text({ type: "subscribe", id: "s", topics: ["*"] }),
      closed,
      rejected("s"),
    ],
    [
      "A second `auth` during the verification closes with 4401",
      verifying,
      text({ ...auth, id: "b" }),
      closed,
      rejected("b"),
    ],
  ])
})

const missing = (capability: string) => `\`${capability}\` is not among the capabilities of \`auth\``
const lacks = (scope: string) => `the token lacks the scope \`${scope}\``

describe("Messages of an authenticated peer", () => {
  const subscribe = { type: "subscribe", id: "n", topics: ["*"] } as const
  const unsubscribe = { type: "unsubscribe", id: "u", subscription: "s" } as const
  const command = { type: "command", id: "d", name: "arm" } as const
  const cancel = { type: "cancel", id: "x", command: "c" } as const
  const prompt = { type: "prompt.submit", id: "p", prompt: "pin", value: "123456" } as const
  const without = (capability: string): PeerState => ({
    ...busy,
    capabilities: new Set(capabilities.filter((other) => other !== capability)),
  })
  const noTopic = (id: string) =>
    error("unsupported", "no such topic", id, { details: { topics: [...knownTopics] } })
  assertCases([
    [
      "`subscribe` adds a subscription",
      busy,
      text(subscribe),
      { ...afterMessage, subscriptions: ["s", "n"] },
      [{ type: "subscribe", request: subscribe }],
    ],
    [
      "`subscribe` accepts several known topics",
      busy,
      text({ ...subscribe, topics: ["arm", "motion"] }),
      { ...afterMessage, subscriptions: ["s", "n"] },
      [{ type: "subscribe", request: { ...subscribe, topics: ["arm", "motion"] } }],
    ],
    [
      "`subscribe` refuses an unknown topic beside a known one, and lists the known ones",
      busy,
      text({ ...subscribe, topics: ["arm", "weather"] }),
      afterMessage,
      [noTopic("n")],
    ],
    [
      "`subscribe` refuses an empty list of topics",
      busy,
      text({ ...subscribe, topics: [] }),
      afterMessage,
      [noTopic("n")],
    ],
    [
      "`subscribe` refuses the id of a subscription",
      busy,
      text({ ...subscribe, id: "s" }),
      afterMessage,
      [error("duplicate_id", "a subscription with this id exists", "s")],
    ],
    [
      "`subscribe` refuses more than the limit",
      { ...busy, subscriptions: ["s", "t"] },
      text(subscribe),
      afterMessage,
      [error("too_many_subscriptions", "at most 2 subscriptions", "n")],
    ],
    [
      "`unsubscribe` removes one subscription",
      { ...busy, subscriptions: ["s", "t"] },
      text(unsubscribe),
      { ...afterMessage, subscriptions: ["t"] },
      [{ type: "unsubscribe", id: "u", subscription: "s" }],
    ],
    [
      "`unsubscribe` does not know another subscription",
      busy,
      text({ ...unsubscribe, subscription: "t" }),
      afterMessage,
      [error("not_found", "no such subscription", "u")],
    ],
    [
      "`command` is pending beside the others",
      busy,
      text(command),
      { ...afterMessage, inFlight: new Map([...busy.inFlight, ["d", "command"]]) },
      [{ type: "command", request: command }],
    ],
    [
      "`prompt.submit` is pending, and keeps its value secret",
      busy,
      text(prompt),
      { ...afterMessage, inFlight: new Map([...busy.inFlight, ["p", "other"]]) },
      [{ type: "submit_prompt", id: "p", prompt: "pin", value: Redacted.make("123456") }],
    ],
    [
      "`cancel` names a running command",
      busy,
      text(cancel),
      afterMessage,
      [{ type: "cancel", id: "x", command: "c" }],
    ],
    [
      "`cancel` does not know another request",
      { ...ready, inFlight: new Map([["c", "other"]]) },
      text(cancel),
      afterMessage,
      [error("not_found", "no running command has this id", "x")],
    ],
    [
      "A second `auth` is unsupported",
      busy,
      text({ type: "auth", id: "b", token: "x" }),
      afterMessage,
      [error("unsupported", "the connection is already authenticated", "b")],
    ],
    [
      "The id of a pending request cannot be used",
      busy,
      text({ ...command, id: "c" }),
      afterMessage,
      [error("duplicate_id", "a request with this id is pending", "c")],
    ],
    [
      "More pending requests than the limit are refused",
      { ...busy, inFlight: new Map([...busy.inFlight, ["e", "other"]]) },
      text(command),
      afterMessage,
      [error("too_many_in_flight", "at most 2 pending requests", "d")],
    ],
    [
      "A peer without a token may do nothing",
      { ...busy, authToken: null },
      text(unsubscribe),
      afterMessage,
      [error("forbidden", lacks("read"), "u")],
    ],
    ...([subscribe, unsubscribe] as const).map((message): Case => [
      `\`${message.type}\` requires the scope \`read\``,
      { ...busy, authToken: withScopes() },
      text(message),
      afterMessage,
      [error("forbidden", lacks("read"), message.id)],
    ]),
    ...([command, cancel] as const).map((message): Case => [
      `\`${message.type}\` requires the scope \`control\``,
      { ...busy, authToken: withScopes("read") },
      text(message),
      afterMessage,
      [error("forbidden", lacks("control"), message.id)],
    ]),
    [
      "`prompt.submit` requires the scope `admin`",
      { ...busy, authToken: withScopes("control") },
      text(prompt),
      afterMessage,
      [error("forbidden", lacks("admin"), "p")],
    ],
    [
      "`command` is permitted to the scope `control`",
      { ...busy, authToken: withScopes("control") },
      text(command),
      { ...afterMessage, inFlight: new Map([...busy.inFlight, ["d", "command"]]) },
      [{ type: "command", request: command }],
    ],
    [
      "`cancel` is permitted to the scope `control`",
      { ...busy, authToken: withScopes("control") },
      text(cancel),
      afterMessage,
      [{ type: "cancel", id: "x", command: "c" }],
    ],
    [
      "`subscribe` is permitted to the scope `read`",
      { ...busy, authToken: withScopes("read") },
      text(subscribe),
      { ...afterMessage, subscriptions: ["s", "n"] },
      [{ type: "subscribe", request: subscribe }],
    ],
    ...(
      [
        ["commands", command],
        ["commands", cancel],
        ["prompts", prompt],
        ["resume", { ...subscribe, since: "e:1" }],
        ["filter", { ...subscribe, filter: {} }],
      ] as const
    ).map(([capability, message]): Case => [
      `${JSON.stringify(Object.keys(message))} of \`${message.type}\` require the capability \`${capability}\``,
      without(capability),
      text(message),
      afterMessage,
      [error("unsupported", missing(capability), message.id)],
    ]),
    [
      "`subscribe` requires no capability without `since` and `filter`",
      { ...busy, capabilities: new Set() },
      text(subscribe),
      { ...afterMessage, subscriptions: ["s", "n"] },
      [{ type: "subscribe", request: subscribe }],
    ],
    [
      "`subscribe` with `since` and `filter` requires only these capabilities",
      { ...busy, capabilities: new Set(["resume", "filter"]) },
      text({ ...subscribe, since: "e:1", filter: {} }),
      { ...afterMessage, subscriptions: ["s", "n"] },
      [{ type: "subscribe", request: { ...subscribe, since: "e:1", filter: {} } }],
    ],
  ])
})

it("A token and the value of a prompt are passed on as secrets", () => {
  const [, [verify]] = step(initialPeerState, text({ type: "auth", id: "a", token: "secret" }))
  const [, [submit]] = step(ready, text({ type: "prompt.submit", id: "p", prompt: "pin", value: "123456" }))
  assert.strictEqual(verify?.type === "verify" && Redacted.value(verify.token), "secret")
  assert.strictEqual(submit?.type === "submit_prompt" && Redacted.value(submit.value), "123456")
})

const frame = (value: unknown): PeerInput => ({ type: "text", text: JSON.stringify(value) })

describe("Frames that are no message", () => {
  const malformed = "the frame is not a message of this protocol"
  const closed = { phase: "closed", ...afterMessage } as const
  assertCases([
    [
      "A frame that is not JSON closes with 4400",
      ready,
      { type: "text", text: "{" },
      closed,
      [error("malformed", malformed), close(4400, "malformed frame")],
    ],
    [
      "A known type with other fields closes with 4400, with its id",
      ready,
      frame({ type: "subscribe", id: "s", topics: 1 }),
      closed,
      [error("malformed", malformed, "s"), close(4400, "malformed frame")],
    ],
    [
      "A known type without an id closes with 4400",
      ready,
      frame({ type: "unsubscribe" }),
      closed,
      [error("malformed", malformed), close(4400, "malformed frame")],
    ],
    [
      "An unknown type is unsupported, with its id",
      ready,
      frame({ type: "later", id: "l" }),
      afterMessage,
      [error("unsupported", "unknown message type", "l")],
    ],
    [
      "An unknown type with an id of another form is unsupported",
      ready,
      frame({ type: "later", id: 7 }),
      afterMessage,
      [error("unsupported", "unknown message type")],
    ],
  ])
})

describe("Rate limit of messages", () => {
  const message = text({ type: "unsubscribe", id: "u", subscription: "none" })
  const tooMany = [error("rate_limited", "too many messages"), close(4429, "too many messages")]

  /** Phase after a message at each of these times. */
  const phases = (...times: ReadonlyArray<number>) => {
    let state = ready
    return times.map((now) => {
      state = step(state, message, now)[0]
      return state.phase
    })
  }

  it("A peer may send the burst at once, and the next message closes it with 4429", () => {
    assert.deepStrictEqual(phases(0, 0, 0, 0), ["ready", "ready", "ready", "closed"])
    const full: PeerState = { ...ready, theoreticalArrival: 1_500 }
    assert.deepStrictEqual(step(full, message), [
      { ...full, phase: "closed", theoreticalArrival: 2_000 },
      tooMany,
    ])
  })

  it("A peer may send a message as soon as the rate allows it", () => {
    assert.deepStrictEqual(phases(0, 0, 0, 500, 1_000), Array(5).fill("ready"))
    assert.deepStrictEqual(phases(0, 0, 0, 499), ["ready", "ready", "ready", "closed"])
  })

  it("A peer that was silent has its burst again, and no more", () =>
    assert.deepStrictEqual(phases(0, 60_000, 60_000, 60_000, 60_000), [
      "ready",
      "ready",
      "ready",
      "ready",
      "closed",
    ]))
})
