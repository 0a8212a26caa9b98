import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { conformance } from "../../src/conformance.ts"
import { type Fault, startReferenceServer, token } from "./ReferenceServer.ts"

type Message = Readonly<Record<string, unknown>>

/** Changes the messages of one type. */
const change = (type: string, update: (message: Message) => unknown): Fault => ({
  message: (message) => (message["type"] === type ? update(message) : message),
})

/** Changes the error of failed requests that have `code`. */
const changeError = (type: "error" | "result", code: string, update: Message): Fault =>
  change(type, (message) => {
    const error = message["error"] as Message
    return error["code"] === code ? { ...message, error: { ...error, ...update } } : message
  })

/** Changes the close code of connections that are closed with `reason`. */
const closeWith = (reason: string, code: number): Fault => ({
  close: (original, text) => [text === reason ? code : original, text],
})

const busy = { code: "busy", category: "busy", retryable: true }

/** Faults, each with the rule that must find it. */
const faults: ReadonlyArray<readonly [fault: string, rule: string, fault: Fault]> = [
  ["another subprotocol", "the server selects the subprotocol", { subprotocol: "" }],
  [
    "another major version",
    "sends `hello` first",
    change("hello", (m) => ({ ...m, protocol: { major: 2, minor: 0, minMinor: 0 } })),
  ],
  ["another close code before `auth`", "a request before `auth`", closeWith("before auth", 4400)],
  ["acceptance of every token", "rejects a wrong token", { acceptsAnyToken: true }],
  ["another close code for a wrong token", "rejects a wrong token", closeWith("wrong token", 4403)],
  ["another close code at the deadline", "no token within 5 seconds", closeWith("deadline", 4400)],
  ["another id in `ready`", "is `ready` with the same id", change("ready", (m) => ({ ...m, id: "x" }))],
  ["no scopes", "is `ready` with the same id", change("ready", (m) => ({ ...m, scopes: [] }))],
  ["a frame that is not JSON", "is `ready` with the same id", change("ready", () => "ready!")],
  [
    "another id in a snapshot",
    "one snapshot with the same id",
    change("snapshot", (m) => ({ ...m, id: "x" })),
  ],
  [
    "a resumed snapshot without a cursor",
    "one snapshot with the same id",
    change("snapshot", (m) => ({ ...m, resume: "replayed" })),
  ],
  ["no `subscribed`", 'with `snapshot: "none"`', change("subscribed", (m) => ({ ...m, id: "x" }))],
  ["a resume that is not up to date", "is up to date", change("snapshot", (m) => ({ ...m, resume: "live" }))],
  ["no gap", "a cursor of another log", change("gap", () => null)],
  ["a gap that ends elsewhere", "a cursor of another log", change("gap", (m) => ({ ...m, to: m["from"] }))],
  [
    "another resume after an invalid `since`",
    "a `since` that is not a cursor",
    change("snapshot", (m) => (m["resume"] === "cannot_replay" ? { ...m, resume: "live" } : m)),
  ],
  ["a cursor beyond the end that is accepted", "beyond the end of the log", { acceptsAnyPosition: true }],
  ["one event less", "are replayed once", change("event", (m) => (m["seq"] === 3 ? null : m))],
  [
    "events that are not marked",
    "are replayed once",
    change("event", (m) => ({ ...m, event: { ...(m["event"] as Message), replayed: false } })),
  ],
  ["events of another subscription", "are replayed once", change("event", (m) => ({ ...m, sub: ["x"] }))],
  ["another number of events", "are replayed once", change("subscribed", (m) => ({ ...m, replayed: 7 }))],
  ["backfilled events without the filter", "backfilled events are left out", { ignoresFilters: true }],
  ["a page that is not JSON", "are replayed once", { page: () => "<html>" }],
  ["a page without a cursor", "are replayed once", { page: (page) => ({ ...page, previous: undefined }) }],
  [
    "a replay that begins later",
    "replays the log from the oldest event",
    change("event", (m) => (m["seq"] === 1 ? null : m)),
  ],
  ["acceptance of a second subscription", "is `duplicate_id`", changeError("error", "duplicate_id", busy)],
  [
    "another subscription in `unsubscribed`",
    "the response to `unsubscribe`",
    change("unsubscribed", (m) => ({ ...m, subscription: "x" })),
  ],
  ["another error for a topic", "an unknown topic", changeError("error", "unsupported", busy)],
  ["another error for a command", "an unknown command", changeError("result", "unsupported", busy)],
  ["another error for a prompt", "to an unknown prompt", changeError("result", "not_found", busy)],
  ["another close code for a long id", "more than 64 characters", closeWith("malformed", 4401)],
  ["another error for a message type", "an unknown message type", changeError("error", "unsupported", busy)],
  ["rejection of unknown fields", "an unknown field is ignored", { rejectsUnknownFields: true }],
  ["another close code for text", "a frame that is not JSON", closeWith("not JSON", 1003)],
  ["another close code for bytes", "a binary frame", closeWith("binary", 1003)],
  ["another close code for length", "above `limits.maxMessageBytes`", closeWith("too big", 4400)],
  ["a close without a reason", "a binary frame", { close: (code) => [code, ""] }],
  ["no heartbeat", "`heartbeat` arrives", change("heartbeat", () => null)],
  ["a stale heartbeat", "`heartbeat` arrives", change("heartbeat", (m) => ({ ...m, seq: 0 }))],
  ["another category", "an unknown topic", changeError("error", "unsupported", { category: "internal" })],
  ["another retryable flag", "an unknown topic", changeError("error", "unsupported", { retryable: true })],
  ["no correlation id", "an unknown topic", changeError("error", "unsupported", { correlationId: "" })],
  ["no message of an error", "an unknown topic", changeError("error", "unsupported", { message: "" })],
  ["another id in an error", "an unknown topic", change("error", (m) => ({ ...m, id: "x" }))],
]

/** Runs the suite against a server with a fault. Returns the deviation of each rule that it violates. */
const deviationsOf = Effect.fnUntraced(function* (fault: Fault, authDeadlineMs = 300) {
  const url = yield* startReferenceServer(fault, authDeadlineMs)
  const results = yield* conformance({ url, token, timeoutMs: 1_000 })
  return new Map(results.flatMap(({ rule, deviation }) => (deviation === null ? [] : [[rule, deviation]])))
}, Effect.scoped)

describe.concurrent("conformance", () => {
  it.live("A server that follows the protocol violates no rule", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual([...(yield* deviationsOf({}, 2_000))], [])
    }),
  )

  it.live("A token without the scope `admin` is not asked for a prompt", () =>
    Effect.gen(function* () {
      const fault = { ...changeError("result", "not_found", busy), scopes: ["read", "control"] }
      assert.deepStrictEqual([...(yield* deviationsOf(fault, 2_000))], [])
    }),
  )

  it.live.each(faults)("The suite finds %s", ([, rule, fault]) =>
    Effect.gen(function* () {
      const violated = [...(yield* deviationsOf(fault)).keys()]
      assert.isTrue(
        violated.some((name) => name.includes(rule)),
        `violated: ${violated.join("; ")}`,
      )
    }),
  )

  it.live("Every rule has a fault that it finds", () =>
    Effect.gen(function* () {
      const results = yield* conformance({ url: "ws://127.0.0.1:1/", token, timeoutMs: 1_000 })
      const withoutFault = results.filter(({ rule }) => !faults.some(([, part]) => rule.includes(part)))
      assert.deepStrictEqual(
        withoutFault.map(({ rule }) => rule),
        [],
      )
    }),
  )

  it.live("The deviation of an invalid message names the missing field", () =>
    Effect.gen(function* () {
      const deviations = yield* deviationsOf(change("ready", (m) => ({ ...m, capabilities: undefined })))
      const deviation = [...deviations].find(([rule]) => rule.includes("`ready`"))?.[1]
      assert.include(deviation, 'Missing key at ["capabilities"]')
    }),
  )

  it.live("The deviation of a connection that closes too early contains the code and reason", () =>
    Effect.gen(function* () {
      const deviations = yield* deviationsOf({
        ...change("error", (m) => ((m["error"] as Message)["code"] === "malformed" ? null : m)),
        rejectsUnknownFields: true,
      })
      const deviation = [...deviations].find(([rule]) => rule.includes("unknown field"))?.[1]
      assert.strictEqual(deviation, "closed with 4400 malformed before a message of type snapshot")
    }),
  )

  it.live("Every rule deviates when no server listens", () =>
    Effect.gen(function* () {
      const results = yield* conformance({ url: "ws://127.0.0.1:1/", token, timeoutMs: 500 })
      for (const { rule, deviation } of results) assert.isNotNull(deviation, rule)
    }),
  )
})
