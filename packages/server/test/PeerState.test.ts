import type { ClientMessage } from "@blink-streams/protocol"
import { assert, it } from "@effect/vitest"
import {
  initialPeerState,
  type PeerAction,
  type PeerInput,
  type PeerState,
} from "../src/internal/socket/PeerState.ts"
import { transition } from "../src/internal/socket/transition.ts"
import { defaultLimits } from "../src/Limits.ts"
import { fullPermissions } from "../src/Permissions.ts"

const limits = {
  ...defaultLimits,
  maxSubscriptions: 2,
  maxInFlight: 2,
  messageBurst: 5,
  messagesPerSecond: 1,
}

/** State of an authenticated peer. */
const ready: PeerState = {
  ...initialPeerState,
  phase: "ready",
  authToken: { tokenId: "t", permissions: fullPermissions, expiresAt: null },
}

const run = (
  state: PeerState,
  inputs: ReadonlyArray<PeerInput>,
  now: (index: number) => number = (i) => i * 1_000,
) => {
  const actions: Array<PeerAction> = []
  let current = state
  for (const [index, input] of inputs.entries()) {
    const [next, wanted] = transition(current, input, { limits, now: now(index), correlationId: () => "c" })
    current = next
    actions.push(...wanted)
  }
  return { state: current, actions }
}

const clientText = (message: ClientMessage): PeerInput => ({ type: "text", text: JSON.stringify(message) })

const summaries = (actions: ReadonlyArray<PeerAction>) =>
  actions.map((action) => {
    if (action.type === "close") return `close ${action.code}`
    if (action.type !== "send") return action.type
    return action.message.type === "error" ? `error ${action.message.error.code}` : action.message.type
  })

const subscribe = (id: string) => clientText({ type: "subscribe", id, topics: ["*"] })
const command = (id: string) => clientText({ type: "command", id, name: "arm" })

it("A peer authenticates once, before its first subscription", () => {
  const { state, actions } = run(initialPeerState, [
    clientText({ type: "auth", id: "1", token: "x" }),
    { type: "verified", id: "1", authToken: { tokenId: "t", permissions: fullPermissions, expiresAt: null } },
    subscribe("s"),
    clientText({ type: "auth", id: "2", token: "y" }),
  ])
  assert.deepStrictEqual(summaries(actions), ["verify", "accept", "subscribe", "error unsupported"])
  assert.strictEqual(state.phase, "ready")
})

it("A second message before the token is verified closes with 4401", () => {
  const { actions } = run(initialPeerState, [
    clientText({ type: "auth", id: "1", token: "x" }),
    subscribe("s"),
  ])
  assert.deepStrictEqual(summaries(actions), ["verify", "error unauthenticated", "close 4401"])
})

it("The id of a request can be reused once the request is completed", () => {
  const { actions } = run(ready, [command("c"), command("c"), { type: "completed", id: "c" }, command("c")])
  assert.deepStrictEqual(summaries(actions), ["command", "error duplicate_id", "command"])
})

it("Subscriptions and pending requests are limited", () => {
  const subscriptions = run(ready, [subscribe("a"), subscribe("b"), subscribe("c")])
  assert.deepStrictEqual(summaries(subscriptions.actions), [
    "subscribe",
    "subscribe",
    "error too_many_subscriptions",
  ])
  const requests = run(ready, [command("a"), command("b"), command("c")])
  assert.deepStrictEqual(summaries(requests.actions), ["command", "command", "error too_many_in_flight"])
})

it("Only a running command can be cancelled", () => {
  const cancel = clientText({ type: "cancel", id: "x", command: "c" })
  const { actions } = run(ready, [cancel, command("c"), cancel])
  assert.deepStrictEqual(summaries(actions), ["error not_found", "command", "cancel"])
})

it("A request is unsupported when `auth` did not list its capability", () => {
  const { actions } = run(initialPeerState, [
    clientText({ type: "auth", id: "1", token: "x", capabilities: ["resume", "from-the-future"] }),
    { type: "verified", id: "1", authToken: { tokenId: "t", permissions: fullPermissions, expiresAt: null } },
    command("c"),
  ])
  assert.deepStrictEqual(summaries(actions), ["verify", "accept", "error unsupported"])
})

it("`since` and `filter` require the capabilities `resume` and `filter`", () => {
  const { actions } = run({ ...ready, capabilities: new Set(["commands"]) }, [
    clientText({ type: "subscribe", id: "a", topics: ["*"], filter: {} }),
    clientText({ type: "subscribe", id: "b", topics: ["*"], since: "e:1" }),
    subscribe("c"),
  ])
  assert.deepStrictEqual(summaries(actions), ["error unsupported", "error unsupported", "subscribe"])
})

const laterFrame = (id: unknown): PeerInput => ({
  type: "text",
  text: JSON.stringify({ type: "later", id }),
})

it("An unknown message type is unsupported, with and without a valid id", () => {
  const { actions } = run(ready, [7, { a: 1 }, "x".repeat(65), "x"].map(laterFrame))
  assert.deepStrictEqual(summaries(actions), Array(4).fill("error unsupported"))
  assert.deepStrictEqual(
    actions.map((action) =>
      action.type === "send" && action.message.type === "error" ? action.message.id : 0,
    ),
    [undefined, undefined, undefined, "x"],
  )
})

it("Messages above the burst close with 4429, and messages within the rate do not", () => {
  const many = Array.from({ length: 7 }, (_, index) =>
    clientText({ type: "unsubscribe", id: `${index}`, subscription: "x" }),
  )
  const atOnce = run(ready, many, () => 0)
  assert.strictEqual(summaries(atOnce.actions).filter((summary) => summary === "error not_found").length, 5)
  assert.deepStrictEqual(summaries(atOnce.actions).slice(-2), ["error rate_limited", "close 4429"])
  assert.notInclude(summaries(run(ready, many).actions), "close 4429")
})

it("A closed peer performs no further actions", () => {
  const ends: ReadonlyArray<PeerInput> = [{ type: "revoked" }, { type: "binary" }, { type: "closed" }]
  for (const end of ends) {
    const { state, actions } = run(run(ready, [end]).state, [
      subscribe("s"),
      { type: "deadline" },
      { type: "revoked" },
    ])
    assert.strictEqual(state.phase, "closed")
    assert.deepStrictEqual(actions, [])
  }
})
