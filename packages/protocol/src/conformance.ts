import { Epoch, Seq } from "@blink-streams/model"
import { Effect, type Scope } from "effect"
import { type Deviation, failDeviation, openProbeSocket, type ProbeSocket } from "./internal/ProbeSocket.ts"
import { subprotocol } from "./protocol.ts"
import { type ErrorCode, errorCodes } from "./ErrorCode.ts"

export interface ConformanceOptions {
  /** `ws://…` or `wss://…` */
  readonly url: string
  /** One that may see everything and has the scope `control`. */
  readonly token: string
  /** How long an answer may take. Default 5 s. */
  readonly timeoutMs?: number
}

export interface ConformanceResult {
  /** The rule, as a sentence. */
  readonly rule: string
  /** What the server did instead; `null` when it kept to the rule. */
  readonly deviation: string | null
}

interface RuleContext extends Required<ConformanceOptions> {
  readonly open: Effect.Effect<ProbeSocket, Deviation, Scope.Scope>
  /** Greeted and let in. */
  readonly openAuthenticated: Effect.Effect<ProbeSocket, Deviation, Scope.Scope>
  /** What the token may do. */
  readonly scopes: Effect.Effect<ReadonlyArray<string>, Deviation, Scope.Scope>
}

type ConformanceRule = readonly [
  rule: string,
  body: (context: RuleContext) => Effect.Effect<void, Deviation, Scope.Scope>,
]

const expect = (condition: boolean, detail: string) => (condition ? Effect.void : failDeviation(detail))

const expectError = Effect.fnUntraced(function* (wire: ProbeSocket, code: ErrorCode, id?: string) {
  const message = yield* wire.receive("error")
  const { error } = message
  yield* expect(error.code === code, `error ${error.code} instead of ${code}`)
  const { category, retryable } = errorCodes[code]
  yield* expect(
    error.category === category && error.retryable === retryable,
    `${code} is ${category} and ${retryable ? "" : "not "}retryable, not as it says`,
  )
  yield* expect(
    error.correlationId !== "" && error.message !== "",
    `${code} without a message or correlation id`,
  )
  if (id !== undefined) yield* expect(message.id === id, `error with id ${message.id} instead of ${id}`)
})

const expectClose = Effect.fnUntraced(function* (wire: ProbeSocket, code: number) {
  const close = yield* wire.closed
  yield* expect(close.code === code, `closed with ${close.code} instead of ${code}`)
  yield* expect(close.reason !== "", `closed with ${code} without a reason`)
})

const allTopics = { topics: ["*"] }

/** From the upgrade to a token. */
const authDeadlineMs = 5_000
/** How far back a replay is asked for. */
const replayLength = 20

const rules: ReadonlyArray<ConformanceRule> = [
  [
    "the sub-protocol is agreed on, and `hello` comes first",
    Effect.fnUntraced(function* ({ url, timeoutMs }) {
      const wire = yield* openProbeSocket(url, timeoutMs)
      const agreed = yield* wire.protocol
      yield* expect(agreed === subprotocol, `the sub-protocol is "${agreed}"`)
      const hello = yield* wire.receive("hello")
      yield* expect(hello.protocol.major === 1, `major ${hello.protocol.major}`)
    }),
  ],
  [
    "a request before `auth` is refused and closed with 4401",
    Effect.fnUntraced(function* ({ open }) {
      const wire = yield* open
      yield* wire.send({ type: "subscribe", id: "s", ...allTopics })
      yield* expectError(wire, "unauthenticated")
      yield* expectClose(wire, 4401)
    }),
  ],
  [
    "a wrong token is refused and closed with 4401",
    Effect.fnUntraced(function* ({ open }) {
      const wire = yield* open
      yield* wire.send({ type: "auth", id: "a", token: "certainly-wrong" })
      yield* expectError(wire, "unauthenticated")
      yield* expectClose(wire, 4401)
    }),
  ],
  [
    "who sends no token is closed with 4401 within 5 seconds",
    Effect.fnUntraced(function* ({ url, timeoutMs }) {
      const wire = yield* openProbeSocket(url, authDeadlineMs + timeoutMs)
      yield* wire.receive("hello")
      yield* expectError(wire, "unauthenticated")
      yield* expectClose(wire, 4401)
    }),
  ],
  [
    "`auth` is answered with `ready` and its id",
    Effect.fnUntraced(function* ({ open, token }) {
      const wire = yield* open
      yield* wire.send({ type: "auth", id: "a-7", token })
      const ready = yield* wire.receive("ready")
      yield* expect(ready.id === "a-7", `ready with id ${ready.id}`)
      yield* expect(ready.scopes.length > 0, "no scopes")
    }),
  ],
  [
    "`subscribe` is answered with one snapshot of its id",
    Effect.fnUntraced(function* ({ openAuthenticated }) {
      const wire = yield* openAuthenticated
      yield* wire.send({ type: "subscribe", id: "s-1", ...allTopics })
      const snapshot = yield* wire.receive("snapshot")
      yield* expect(snapshot.id === "s-1", `snapshot with id ${snapshot.id}`)
      yield* expect(snapshot.resume === "live", `resume is ${snapshot.resume} without a cursor`)
    }),
  ],
  [
    '`snapshot: "none"` is answered with `subscribed`',
    Effect.fnUntraced(function* ({ openAuthenticated }) {
      const wire = yield* openAuthenticated
      yield* wire.send({ type: "subscribe", id: "s", ...allTopics, snapshot: "none" })
      const subscribed = yield* wire.receive("subscribed")
      yield* expect(subscribed.id === "s", `subscribed with id ${subscribed.id}`)
    }),
  ],
  [
    "a cursor at the newest place is up to date",
    Effect.fnUntraced(function* ({ openAuthenticated }) {
      const wire = yield* openAuthenticated
      yield* wire.send({ type: "subscribe", id: "s1", ...allTopics })
      const { epoch, seq } = yield* wire.receive("snapshot")
      yield* wire.send({ type: "subscribe", id: "s2", ...allTopics, since: { epoch, seq } })
      const { resume, replayed } = yield* wire.receive("snapshot")
      // Something may have happened in between.
      const isRight = resume === "up_to_date" ? replayed === 0 : resume === "replayed" && replayed > 0
      yield* expect(isRight, `resume is ${resume} with ${replayed} replayed`)
    }),
  ],
  [
    "a cursor of another log yields `gap`, then a snapshot",
    Effect.fnUntraced(function* ({ openAuthenticated }) {
      const wire = yield* openAuthenticated
      yield* wire.send({ type: "subscribe", id: "s1", ...allTopics, snapshot: "none" })
      const { seq } = yield* wire.receive("subscribed")
      const since = { epoch: Epoch.make("of-another-log"), seq }
      yield* wire.send({ type: "subscribe", id: "s2", ...allTopics, since })
      const gap = yield* wire.receive("gap")
      yield* expect(gap.id === "s2", `gap with id ${gap.id}`)
      const { id, resume, seq: newest } = yield* wire.receive("snapshot")
      yield* expect(id === "s2" && resume === "cannot_replay", `snapshot ${id} with resume ${resume}`)
      yield* expect(gap.to === newest, `the gap ends at ${gap.to}, the snapshot stands at ${newest}`)
    }),
  ],
  [
    "a cursor that the log has not reached yet yields `gap`, then a snapshot",
    Effect.fnUntraced(function* ({ openAuthenticated }) {
      const wire = yield* openAuthenticated
      yield* wire.send({ type: "subscribe", id: "s1", ...allTopics, snapshot: "none" })
      const { epoch, seq } = yield* wire.receive("subscribed")
      const since = { epoch, seq: Seq.make(seq + 1_000_000) }
      yield* wire.send({ type: "subscribe", id: "s2", ...allTopics, since })
      yield* wire.receive("gap")
      const { resume } = yield* wire.receive("snapshot")
      yield* expect(resume === "cannot_replay", `resume is ${resume}`)
    }),
  ],
  [
    "what lies between a cursor and now is replayed: all of it, in order, once, and marked",
    Effect.fnUntraced(function* ({ openAuthenticated }) {
      const wire = yield* openAuthenticated
      yield* wire.send({ type: "subscribe", id: "s1", ...allTopics, snapshot: "none" })
      const { epoch, seq } = yield* wire.receive("subscribed")
      const since = { epoch, seq: Seq.make(Math.max(0, seq - replayLength)) }
      yield* wire.send({ type: "unsubscribe", id: "u", subscription: "s1" })
      yield* wire.receive("unsubscribed")
      yield* wire.send({ type: "subscribe", id: "s2", ...allTopics, since, snapshot: "none" })
      const subscribed = yield* wire.receive("subscribed")
      const between = subscribed.seq - since.seq
      yield* expect(subscribed.replayed === between, `replayed is ${subscribed.replayed}, not ${between}`)
      const resume = between === 0 ? "up_to_date" : "replayed"
      yield* expect(subscribed.resume === resume, `resume is ${subscribed.resume}, not ${resume}`)
      for (let expectedSeq = since.seq + 1; expectedSeq <= subscribed.seq; expectedSeq++) {
        const { seq, sub, epoch, event } = yield* wire.receive("event")
        yield* expect(
          seq === expectedSeq && epoch === since.epoch,
          `${epoch}:${seq} instead of ${since.epoch}:${expectedSeq}`,
        )
        yield* expect(sub.includes("s2"), `${seq} is for ${sub.join()}`)
        yield* expect(event.replayed === true, `${seq} is not marked as replayed`)
      }
    }),
  ],
  [
    "the id of a subscription can't be used for another",
    Effect.fnUntraced(function* ({ openAuthenticated }) {
      const wire = yield* openAuthenticated
      yield* wire.send({ type: "subscribe", id: "s", ...allTopics })
      yield* wire.receive("snapshot")
      yield* wire.send({ type: "subscribe", id: "s", ...allTopics })
      yield* expectError(wire, "duplicate_id", "s")
    }),
  ],
  [
    "`unsubscribe` is answered; one of nothing is `not_found`",
    Effect.fnUntraced(function* ({ openAuthenticated }) {
      const wire = yield* openAuthenticated
      yield* wire.send({ type: "subscribe", id: "s", ...allTopics })
      yield* wire.receive("snapshot")
      yield* wire.send({ type: "unsubscribe", id: "u", subscription: "s" })
      const unsubscribed = yield* wire.receive("unsubscribed")
      yield* expect(
        unsubscribed.id === "u" && unsubscribed.subscription === "s",
        "another id or subscription",
      )
      yield* wire.send({ type: "unsubscribe", id: "u2", subscription: "s" })
      yield* expectError(wire, "not_found", "u2")
    }),
  ],
  [
    "a topic that does not exist is `unsupported`",
    Effect.fnUntraced(function* ({ openAuthenticated }) {
      const wire = yield* openAuthenticated
      yield* wire.send({ type: "subscribe", id: "s", topics: ["weather"] })
      yield* expectError(wire, "unsupported", "s")
    }),
  ],
  [
    "a command that does not exist fails, and the connection stays",
    Effect.fnUntraced(function* ({ openAuthenticated }) {
      const wire = yield* openAuthenticated
      yield* wire.send({ type: "command", id: "c", name: "certainly-no-command" })
      const result = yield* wire.receive("result")
      yield* expect(result.id === "c" && !result.ok, "it succeeded")
      const code = result.error?.code
      yield* expect(code === "unsupported", `error ${code} instead of unsupported`)
      yield* wire.send({ type: "subscribe", id: "s", ...allTopics })
      yield* wire.receive("snapshot")
    }),
  ],
  [
    "`cancel` of no command, and an answer to no prompt, are `not_found`",
    Effect.fnUntraced(function* ({ openAuthenticated, scopes }) {
      const wire = yield* openAuthenticated
      yield* wire.send({ type: "cancel", id: "x", command: "none" })
      yield* expectError(wire, "not_found", "x")
      // Without the scope it is refused before it is looked for.
      if (!(yield* scopes).includes("admin")) return
      yield* wire.send({ type: "prompt.answer", id: "p", prompt: "certainly-none", value: "1" })
      const { id, ok, error } = yield* wire.receive("result")
      yield* expect(id === "p" && !ok && error?.code === "not_found", `result ${id} with ${error?.code}`)
    }),
  ],
  [
    "an id of more than 64 characters is `malformed` and closed with 4400",
    Effect.fnUntraced(function* ({ openAuthenticated }) {
      const wire = yield* openAuthenticated
      yield* wire.send({ type: "subscribe", id: "x".repeat(65), ...allTopics })
      yield* expectError(wire, "malformed")
      yield* expectClose(wire, 4400)
    }),
  ],
  [
    "a type that does not exist is `unsupported`, and the connection stays",
    Effect.fnUntraced(function* ({ openAuthenticated }) {
      const wire = yield* openAuthenticated
      yield* wire.sendRaw(JSON.stringify({ type: "from.the.future", id: "f" }))
      yield* expectError(wire, "unsupported", "f")
      yield* wire.send({ type: "subscribe", id: "s", ...allTopics })
      yield* wire.receive("snapshot")
    }),
  ],
  [
    "a field that does not exist is ignored",
    Effect.fnUntraced(function* ({ openAuthenticated }) {
      const wire = yield* openAuthenticated
      yield* wire.sendRaw(
        JSON.stringify({ type: "subscribe", id: "s", ...allTopics, fromTheFuture: { a: [1] } }),
      )
      yield* wire.receive("snapshot")
    }),
  ],
  [
    "a frame that is no JSON is `malformed` and closed with 4400",
    Effect.fnUntraced(function* ({ openAuthenticated }) {
      const wire = yield* openAuthenticated
      yield* wire.sendRaw("{")
      yield* expectError(wire, "malformed")
      yield* expectClose(wire, 4400)
    }),
  ],
  [
    "a binary frame is closed with 4400",
    Effect.fnUntraced(function* ({ openAuthenticated }) {
      const wire = yield* openAuthenticated
      yield* wire.sendRaw(new Uint8Array([1, 2, 3]))
      yield* expectClose(wire, 4400)
    }),
  ],
  [
    "a message above `limits.maxMessageBytes` is closed with 1009",
    Effect.fnUntraced(function* ({ url, timeoutMs }) {
      const wire = yield* openProbeSocket(url, timeoutMs)
      const { limits } = yield* wire.receive("hello")
      yield* wire.sendRaw(
        JSON.stringify({ type: "auth", id: "a", token: "x".repeat(limits.maxMessageBytes) }),
      )
      yield* expectClose(wire, 1009)
    }),
  ],
  [
    "`heartbeat` comes within one and a half of `limits.heartbeatMs`",
    Effect.fnUntraced(function* ({ url, token }) {
      const first = yield* openProbeSocket(url, 5_000)
      const { limits } = yield* first.receive("hello")
      const wire = yield* openProbeSocket(url, limits.heartbeatMs * 1.5)
      yield* wire.receive("hello")
      yield* wire.send({ type: "auth", id: "a", token })
      yield* wire.receive("ready")
      yield* wire.send({ type: "subscribe", id: "s", ...allTopics, snapshot: "none" })
      const { epoch, seq } = yield* wire.receive("subscribed")
      const heartbeat = yield* wire.receive("heartbeat")
      yield* expect(
        heartbeat.epoch === epoch && heartbeat.seq >= seq,
        `the heartbeat stands at ${heartbeat.epoch}:${heartbeat.seq}, before ${epoch}:${seq}`,
      )
    }),
  ],
]

/** Examines a server against the protocol, one connection per rule. It changes nothing in the home. */
export const conformance = Effect.fn("conformance")(function* (options: ConformanceOptions) {
  const { url, token, timeoutMs = 5_000 } = options
  const open = Effect.tap(openProbeSocket(url, timeoutMs), (wire) => wire.receive("hello"))
  const authenticate = (wire: ProbeSocket) =>
    Effect.andThen(wire.send({ type: "auth", id: "a", token }), wire.receive("ready"))
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
