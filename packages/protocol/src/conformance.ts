import { Epoch, formatCursor, Seq } from "@blink-streams/model"
import { Effect, type Scope } from "effect"
import { fetchNewestEvents } from "./internal/fetchNewestEvents.ts"
import { type Deviation, failDeviation, openProbeSocket, type ProbeSocket } from "./internal/ProbeSocket.ts"
import type { LoggedEvent } from "./EventPage.ts"
import { subprotocol } from "./protocol.ts"
import { type ErrorCode, errorCodes } from "./ErrorCode.ts"

export interface ConformanceOptions {
  /** `ws://…` or `wss://…` */
  readonly url: string
  /** Token for all accounts with the scope `control`; the prompt rule also needs `admin`. */
  readonly token: string
  /** Time limit for each response, in milliseconds. Default 5,000. */
  readonly timeoutMs?: number
}

export interface ConformanceResult {
  /** Rule of the protocol, as a sentence. */
  readonly rule: string
  /** Description of the violation; `null` when the server conforms to the rule. */
  readonly deviation: string | null
}

interface RuleContext extends Required<ConformanceOptions> {
  readonly open: Effect.Effect<ProbeSocket, Deviation, Scope.Scope>
  /** Opens a connection and authenticates. */
  readonly openAuthenticated: Effect.Effect<ProbeSocket, Deviation, Scope.Scope>
  /** Scopes of the token. */
  readonly scopes: Effect.Effect<ReadonlyArray<string>, Deviation, Scope.Scope>
}

type ConformanceRule = readonly [
  rule: string,
  body: (context: RuleContext) => Effect.Effect<void, Deviation, Scope.Scope>,
]

const expect = (condition: boolean, detail: string) => (condition ? Effect.void : failDeviation(detail))

const expectError = Effect.fnUntraced(function* (socket: ProbeSocket, code: ErrorCode, id?: string) {
  const message = yield* socket.receive("error")
  const { error } = message
  yield* expect(error.code === code, `error ${error.code} instead of ${code}`)
  const { category, retryable } = errorCodes[code]
  yield* expect(
    error.category === category && error.retryable === retryable,
    `${code} is not marked as ${category} and ${retryable ? "" : "not "}retryable`,
  )
  yield* expect(
    error.correlationId !== "" && error.message !== "",
    `${code} without a message or correlation id`,
  )
  if (id !== undefined) yield* expect(message.id === id, `error with id ${message.id} instead of ${id}`)
})

const expectClose = Effect.fnUntraced(function* (socket: ProbeSocket, code: number) {
  const close = yield* socket.closed
  yield* expect(close.code === code, `closed with ${close.code} instead of ${code}`)
  yield* expect(close.reason !== "", `closed with ${code} without a reason`)
})

const allTopics = { topics: ["*"] }

/** Time limit between the upgrade and `auth`. */
const authDeadlineMs = 5_000
/** Number of events that the replay rule requests. */
const replayLength = 20

/** Subscribes with a `since` that is no cursor of the log, and expects a gap and a snapshot at the same position. */
const expectCannotReplay = Effect.fnUntraced(function* (socket: ProbeSocket, id: string, since: string) {
  yield* socket.send({ type: "subscribe", id, ...allTopics, since })
  const gap = yield* socket.receive("gap")
  yield* expect(gap.id === id, `gap with id ${gap.id}`)
  const snapshot = yield* socket.receive("snapshot")
  yield* expect(
    snapshot.id === id && snapshot.resume === "cannot_replay",
    `snapshot ${snapshot.id} with resume ${snapshot.resume}`,
  )
  yield* expect(
    gap.to === snapshot.cursor,
    `the gap ends at ${gap.to}, the snapshot is at ${snapshot.cursor}`,
  )
})

/** Receives the replay of `events` for the subscription `s`. */
const expectReplay = Effect.fnUntraced(function* (socket: ProbeSocket, events: ReadonlyArray<LoggedEvent>) {
  for (const expected of events) {
    const { cursor, sub, event } = yield* socket.receive("event")
    yield* expect(cursor === expected.cursor, `${cursor} instead of ${expected.cursor}`)
    yield* expect(sub.includes("s"), `${cursor} is for ${sub.join()}`)
    yield* expect(event.replayed === true, `${cursor} is not marked as replayed`)
  }
})

const rules: ReadonlyArray<ConformanceRule> = [
  [
    "the server selects the subprotocol and sends `hello` first",
    Effect.fnUntraced(function* ({ url, timeoutMs }) {
      const socket = yield* openProbeSocket(url, timeoutMs)
      const agreed = yield* socket.protocol
      yield* expect(agreed === subprotocol, `the subprotocol is "${agreed}"`)
      const hello = yield* socket.receive("hello")
      yield* expect(hello.protocol.major === 1, `major ${hello.protocol.major}`)
    }),
  ],
  [
    "the server rejects a request before `auth` and closes with 4401",
    Effect.fnUntraced(function* ({ open }) {
      const socket = yield* open
      yield* socket.send({ type: "subscribe", id: "s", ...allTopics })
      yield* expectError(socket, "unauthenticated")
      yield* expectClose(socket, 4401)
    }),
  ],
  [
    "the server rejects a wrong token and closes with 4401",
    Effect.fnUntraced(function* ({ open }) {
      const socket = yield* open
      yield* socket.send({ type: "auth", id: "a", token: "certainly-wrong" })
      yield* expectError(socket, "unauthenticated")
      yield* expectClose(socket, 4401)
    }),
  ],
  [
    "the server closes with 4401 when it receives no token within 5 seconds",
    Effect.fnUntraced(function* ({ url, timeoutMs }) {
      const socket = yield* openProbeSocket(url, authDeadlineMs + timeoutMs)
      yield* socket.receive("hello")
      yield* expectError(socket, "unauthenticated")
      yield* expectClose(socket, 4401)
    }),
  ],
  [
    "the response to `auth` is `ready` with the same id",
    Effect.fnUntraced(function* ({ open, token }) {
      const socket = yield* open
      yield* socket.send({ type: "auth", id: "a-7", token })
      const ready = yield* socket.receive("ready")
      yield* expect(ready.id === "a-7", `ready with id ${ready.id}`)
      yield* expect(ready.scopes.length > 0, "no scopes")
    }),
  ],
  [
    "the response to `subscribe` is one snapshot with the same id",
    Effect.fnUntraced(function* ({ openAuthenticated }) {
      const socket = yield* openAuthenticated
      yield* socket.send({ type: "subscribe", id: "s-1", ...allTopics })
      const snapshot = yield* socket.receive("snapshot")
      yield* expect(snapshot.id === "s-1", `snapshot with id ${snapshot.id}`)
      yield* expect(snapshot.resume === "live", `resume is ${snapshot.resume} without a cursor`)
    }),
  ],
  [
    'the response to `subscribe` with `snapshot: "none"` is `subscribed`',
    Effect.fnUntraced(function* ({ openAuthenticated }) {
      const socket = yield* openAuthenticated
      yield* socket.send({ type: "subscribe", id: "s", ...allTopics, snapshot: "none" })
      const subscribed = yield* socket.receive("subscribed")
      yield* expect(subscribed.id === "s", `subscribed with id ${subscribed.id}`)
    }),
  ],
  [
    "a cursor at the newest position is up to date",
    Effect.fnUntraced(function* ({ openAuthenticated }) {
      const socket = yield* openAuthenticated
      yield* socket.send({ type: "subscribe", id: "s1", ...allTopics })
      const { cursor } = yield* socket.receive("snapshot")
      yield* socket.send({ type: "subscribe", id: "s2", ...allTopics, since: cursor })
      const { resume, replayed } = yield* socket.receive("snapshot")
      // New events may have been appended in between.
      const isRight = resume === "up_to_date" ? replayed === 0 : resume === "replayed" && replayed > 0
      yield* expect(isRight, `resume is ${resume} with ${replayed} replayed`)
    }),
  ],
  [
    "a cursor of another log causes `gap`, then `snapshot`",
    Effect.fnUntraced(function* ({ openAuthenticated }) {
      const socket = yield* openAuthenticated
      yield* expectCannotReplay(socket, "s", formatCursor({ epoch: Epoch.make("another"), seq: Seq.make(1) }))
    }),
  ],
  [
    "a `since` that is not a cursor causes `gap`, then `snapshot`, and the connection stays open",
    Effect.fnUntraced(function* ({ openAuthenticated }) {
      const socket = yield* openAuthenticated
      for (const [index, since] of ["certainly no cursor", "", "1", "\u0000"].entries())
        yield* expectCannotReplay(socket, `s${index}`, since)
    }),
  ],
  [
    "a cursor beyond the end of the log causes `gap`, then `snapshot`",
    Effect.fnUntraced(function* ({ openAuthenticated }) {
      const socket = yield* openAuthenticated
      yield* socket.send({ type: "subscribe", id: "s1", ...allTopics, snapshot: "none" })
      const { epoch, seq } = yield* socket.receive("subscribed")
      const beyond = formatCursor({ epoch, seq: Seq.make(seq + 1_000_000) })
      yield* expectCannotReplay(socket, "s2", beyond)
    }),
  ],
  [
    "all events after a cursor are replayed once, in order, with `replayed: true`",
    Effect.fnUntraced(function* ({ url, token, timeoutMs, openAuthenticated }) {
      const { events, previous } = yield* fetchNewestEvents({ url, token, timeoutMs }, replayLength)
      const socket = yield* openAuthenticated
      const filter = { backfilled: true }
      yield* socket.send({
        type: "subscribe",
        id: "s",
        ...allTopics,
        filter,
        since: previous,
        snapshot: "none",
      })
      const subscribed = yield* socket.receive("subscribed")
      const first = events[0]
      const between = first === undefined ? subscribed.replayed : subscribed.seq - first.seq + 1
      yield* expect(subscribed.replayed === between, `replayed is ${subscribed.replayed}, not ${between}`)
      const resume = between === 0 ? "up_to_date" : "replayed"
      yield* expect(subscribed.resume === resume, `resume is ${subscribed.resume}, not ${resume}`)
      yield* expectReplay(socket, events)
    }),
  ],
  [
    "backfilled events are left out without `filter.backfilled`",
    Effect.fnUntraced(function* ({ url, token, timeoutMs, openAuthenticated }) {
      const { events, previous } = yield* fetchNewestEvents({ url, token, timeoutMs }, replayLength)
      const socket = yield* openAuthenticated
      yield* socket.send({ type: "subscribe", id: "s", ...allTopics, since: previous, snapshot: "none" })
      yield* socket.receive("subscribed")
      const expected = events.filter(({ event }) => event.backfilled !== true)
      yield* expectReplay(socket, expected)
    }),
  ],
  [
    "`beginning` as `since` replays the log from the oldest event that is kept, without a gap",
    Effect.fnUntraced(function* ({ openAuthenticated }) {
      const socket = yield* openAuthenticated
      yield* socket.send({ type: "subscribe", id: "s", ...allTopics, since: "beginning", snapshot: "none" })
      const { resume, seq, replayed } = yield* socket.receive("subscribed")
      yield* expect(resume === (replayed === 0 ? "up_to_date" : "replayed"), `resume is ${resume}`)
      if (replayed === 0) return
      const first = yield* socket.receive("event")
      const expected = seq - replayed + 1
      yield* expect(first.seq === expected, `the first event is at ${first.seq}, not at ${expected}`)
    }),
  ],
  [
    "a second subscription with the same id is `duplicate_id`",
    Effect.fnUntraced(function* ({ openAuthenticated }) {
      const socket = yield* openAuthenticated
      yield* socket.send({ type: "subscribe", id: "s", ...allTopics })
      yield* socket.receive("snapshot")
      yield* socket.send({ type: "subscribe", id: "s", ...allTopics })
      yield* expectError(socket, "duplicate_id", "s")
    }),
  ],
  [
    "the response to `unsubscribe` is `unsubscribed`, or `not_found` for an unknown subscription",
    Effect.fnUntraced(function* ({ openAuthenticated }) {
      const socket = yield* openAuthenticated
      yield* socket.send({ type: "subscribe", id: "s", ...allTopics })
      yield* socket.receive("snapshot")
      yield* socket.send({ type: "unsubscribe", id: "u", subscription: "s" })
      const unsubscribed = yield* socket.receive("unsubscribed")
      yield* expect(
        unsubscribed.id === "u" && unsubscribed.subscription === "s",
        "another id or subscription",
      )
      yield* socket.send({ type: "unsubscribe", id: "u2", subscription: "s" })
      yield* expectError(socket, "not_found", "u2")
    }),
  ],
  [
    "an unknown topic is `unsupported`",
    Effect.fnUntraced(function* ({ openAuthenticated }) {
      const socket = yield* openAuthenticated
      yield* socket.send({ type: "subscribe", id: "s", topics: ["weather"] })
      yield* expectError(socket, "unsupported", "s")
    }),
  ],
  [
    "an unknown command is `unsupported`, and the connection stays open",
    Effect.fnUntraced(function* ({ openAuthenticated }) {
      const socket = yield* openAuthenticated
      yield* socket.send({ type: "command", id: "c", name: "certainly-no-command" })
      const result = yield* socket.receive("result")
      yield* expect(result.id === "c", `result with id ${result.id}`)
      const code = result.ok ? "none" : result.error.code
      yield* expect(code === "unsupported", `error ${code} instead of unsupported`)
      yield* socket.send({ type: "subscribe", id: "s", ...allTopics })
      yield* socket.receive("snapshot")
    }),
  ],
  [
    "`cancel` of an unknown command and `prompt.submit` to an unknown prompt are `not_found`",
    Effect.fnUntraced(function* ({ openAuthenticated, scopes }) {
      const socket = yield* openAuthenticated
      yield* socket.send({ type: "cancel", id: "x", command: "none" })
      yield* expectError(socket, "not_found", "x")
      // Without the scope the server rejects it before it searches the prompt.
      if (!(yield* scopes).includes("admin")) return
      yield* socket.send({ type: "prompt.submit", id: "p", prompt: "certainly-none", value: "1" })
      const result = yield* socket.receive("result")
      const code = result.ok ? "none" : result.error.code
      yield* expect(result.id === "p" && code === "not_found", `result ${result.id} with error ${code}`)
    }),
  ],
  [
    "an id of more than 64 characters is `malformed` and closed with 4400",
    Effect.fnUntraced(function* ({ openAuthenticated }) {
      const socket = yield* openAuthenticated
      yield* socket.send({ type: "subscribe", id: "x".repeat(65), ...allTopics })
      yield* expectError(socket, "malformed")
      yield* expectClose(socket, 4400)
    }),
  ],
  [
    "an unknown message type is `unsupported`, and the connection stays open",
    Effect.fnUntraced(function* ({ openAuthenticated }) {
      const socket = yield* openAuthenticated
      yield* socket.sendRaw(JSON.stringify({ type: "from.the.future", id: "f" }))
      yield* expectError(socket, "unsupported", "f")
      yield* socket.send({ type: "subscribe", id: "s", ...allTopics })
      yield* socket.receive("snapshot")
    }),
  ],
  [
    "an unknown field is ignored",
    Effect.fnUntraced(function* ({ openAuthenticated }) {
      const socket = yield* openAuthenticated
      yield* socket.sendRaw(
        JSON.stringify({ type: "subscribe", id: "s", ...allTopics, fromTheFuture: { a: [1] } }),
      )
      yield* socket.receive("snapshot")
    }),
  ],
  [
    "a frame that is not JSON is `malformed` and closed with 4400",
    Effect.fnUntraced(function* ({ openAuthenticated }) {
      const socket = yield* openAuthenticated
      yield* socket.sendRaw("{")
      yield* expectError(socket, "malformed")
      yield* expectClose(socket, 4400)
    }),
  ],
  [
    "a binary frame is closed with 4400",
    Effect.fnUntraced(function* ({ openAuthenticated }) {
      const socket = yield* openAuthenticated
      yield* socket.sendRaw(new Uint8Array([1, 2, 3]))
      yield* expectClose(socket, 4400)
    }),
  ],
  [
    "a message above `limits.maxMessageBytes` is closed with 1009",
    Effect.fnUntraced(function* ({ url, timeoutMs }) {
      const socket = yield* openProbeSocket(url, timeoutMs)
      const { limits } = yield* socket.receive("hello")
      yield* socket.sendRaw(
        JSON.stringify({ type: "auth", id: "a", token: "x".repeat(limits.maxMessageBytes) }),
      )
      yield* expectClose(socket, 1009)
    }),
  ],
  [
    "`heartbeat` arrives within 1.5 × `limits.heartbeatMs`",
    Effect.fnUntraced(function* ({ url, token }) {
      const first = yield* openProbeSocket(url, 5_000)
      const { limits } = yield* first.receive("hello")
      const socket = yield* openProbeSocket(url, limits.heartbeatMs * 1.5)
      yield* socket.receive("hello")
      yield* socket.send({ type: "auth", id: "a", token })
      yield* socket.receive("ready")
      yield* socket.send({ type: "subscribe", id: "s", ...allTopics, snapshot: "none" })
      const { epoch, seq } = yield* socket.receive("subscribed")
      const heartbeat = yield* socket.receive("heartbeat")
      yield* expect(
        heartbeat.epoch === epoch && heartbeat.seq >= seq,
        `the heartbeat is at ${heartbeat.seq} of ${heartbeat.epoch}, before ${seq} of ${epoch}`,
      )
    }),
  ],
]

/**
 * Checks a server against the protocol, with one connection per rule. One rule also requests `/v1/events` over HTTP.
 * Returns one result per rule; it never fails.
 * It sends no command that changes a system or camera.
 *
 * @example
 * ```ts
 * const results = await Effect.runPromise(conformance({ url: "ws://127.0.0.1:25465/", token: "…" }))
 * const violations = results.filter(({ deviation }) => deviation !== null)
 * ```
 */
export const conformance = Effect.fn("conformance")(function* (options: ConformanceOptions) {
  const { url, token, timeoutMs = 5_000 } = options
  const open = Effect.tap(openProbeSocket(url, timeoutMs), (socket) => socket.receive("hello"))
  const authenticate = (socket: ProbeSocket) =>
    Effect.andThen(socket.send({ type: "auth", id: "a", token }), socket.receive("ready"))
  const openAuthenticated = Effect.tap(open, authenticate)
  const scopes = Effect.map(Effect.flatMap(open, authenticate), (ready) => ready.scopes)
  return yield* Effect.forEach(rules, ([rule, body]) =>
    Effect.scoped(body({ url, token, timeoutMs, open, openAuthenticated, scopes })).pipe(
      Effect.as<ConformanceResult>({ rule, deviation: null }),
      Effect.catchTag("Deviation", ({ detail }) =>
        Effect.succeed<ConformanceResult>({ rule, deviation: detail }),
      ),
    ),
  )
})
