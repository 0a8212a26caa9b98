import { Epoch, Seq } from "@blink-streams/model"
import { Effect, type Scope } from "effect"
import { type Deviation, deviates, openWire, type Wire } from "./internal/Wire.ts"
import { subprotocol } from "./protocol.ts"
import { type ErrorCode, errorCodes } from "./ErrorCode.ts"

export interface ConformanceOptions {
  /** `ws://…` or `wss://…` */
  readonly url: string
  /** One that may see everything and has the scope `control`. */
  readonly token: string
  /** How long an answer may take. Default 5 s. */
  readonly patienceMs?: number
}

export interface Verdict {
  /** The rule, as a sentence. */
  readonly rule: string
  /** What the server did instead; `null` when it kept to the rule. */
  readonly deviation: string | null
}

interface Examination extends Required<ConformanceOptions> {
  readonly open: Effect.Effect<Wire, Deviation, Scope.Scope>
  /** Greeted and let in. */
  readonly enter: Effect.Effect<Wire, Deviation, Scope.Scope>
  /** What the token may do. */
  readonly scopes: Effect.Effect<ReadonlyArray<string>, Deviation, Scope.Scope>
}

type Rule = readonly [
  rule: string,
  body: (examination: Examination) => Effect.Effect<void, Deviation, Scope.Scope>,
]

const expect = (holds: boolean, found: string) => (holds ? Effect.void : deviates(found))

const expectError = Effect.fnUntraced(function* (wire: Wire, code: ErrorCode, id?: string) {
  const message = yield* wire.next("error")
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

const expectClose = Effect.fnUntraced(function* (wire: Wire, code: number) {
  const found = yield* wire.closed
  yield* expect(found.code === code, `closed with ${found.code} instead of ${code}`)
  yield* expect(found.reason !== "", `closed with ${code} without a reason`)
})

const everything = { topics: ["*"] }

/** From the upgrade to a token. */
const deadlineMs = 5_000
/** How far back a replay is asked for. */
const lookBack = 20

const rules: ReadonlyArray<Rule> = [
  [
    "the sub-protocol is agreed on, and `hello` comes first",
    Effect.fnUntraced(function* ({ url, patienceMs }) {
      const wire = yield* openWire(url, patienceMs)
      const agreed = yield* wire.protocol
      yield* expect(agreed === subprotocol, `the sub-protocol is "${agreed}"`)
      const hello = yield* wire.next("hello")
      yield* expect(hello.protocol.major === 1, `major ${hello.protocol.major}`)
    }),
  ],
  [
    "a request before `auth` is refused and closed with 4401",
    Effect.fnUntraced(function* ({ open }) {
      const wire = yield* open
      yield* wire.say({ type: "subscribe", id: "s", ...everything })
      yield* expectError(wire, "unauthenticated")
      yield* expectClose(wire, 4401)
    }),
  ],
  [
    "a wrong token is refused and closed with 4401",
    Effect.fnUntraced(function* ({ open }) {
      const wire = yield* open
      yield* wire.say({ type: "auth", id: "a", token: "certainly-wrong" })
      yield* expectError(wire, "unauthenticated")
      yield* expectClose(wire, 4401)
    }),
  ],
  [
    "who sends no token is closed with 4401 within 5 seconds",
    Effect.fnUntraced(function* ({ url, patienceMs }) {
      const wire = yield* openWire(url, deadlineMs + patienceMs)
      yield* wire.next("hello")
      yield* expectError(wire, "unauthenticated")
      yield* expectClose(wire, 4401)
    }),
  ],
  [
    "`auth` is answered with `ready` and its id",
    Effect.fnUntraced(function* ({ open, token }) {
      const wire = yield* open
      yield* wire.say({ type: "auth", id: "a-7", token })
      const ready = yield* wire.next("ready")
      yield* expect(ready.id === "a-7", `ready with id ${ready.id}`)
      yield* expect(ready.scopes.length > 0, "no scopes")
    }),
  ],
  [
    "`subscribe` is answered with one snapshot of its id",
    Effect.fnUntraced(function* ({ enter }) {
      const wire = yield* enter
      yield* wire.say({ type: "subscribe", id: "s-1", ...everything })
      const snapshot = yield* wire.next("snapshot")
      yield* expect(snapshot.id === "s-1", `snapshot with id ${snapshot.id}`)
      yield* expect(snapshot.resume === "live", `resume is ${snapshot.resume} without a cursor`)
    }),
  ],
  [
    '`snapshot: "none"` is answered with `subscribed`',
    Effect.fnUntraced(function* ({ enter }) {
      const wire = yield* enter
      yield* wire.say({ type: "subscribe", id: "s", ...everything, snapshot: "none" })
      const subscribed = yield* wire.next("subscribed")
      yield* expect(subscribed.id === "s", `subscribed with id ${subscribed.id}`)
    }),
  ],
  [
    "a cursor at the newest place is up to date",
    Effect.fnUntraced(function* ({ enter }) {
      const wire = yield* enter
      yield* wire.say({ type: "subscribe", id: "s1", ...everything })
      const { epoch, seq } = yield* wire.next("snapshot")
      yield* wire.say({ type: "subscribe", id: "s2", ...everything, since: { epoch, seq } })
      const { resume, replayed } = yield* wire.next("snapshot")
      // Something may have happened in between.
      const isRight = resume === "up_to_date" ? replayed === 0 : resume === "replayed" && replayed > 0
      yield* expect(isRight, `resume is ${resume} with ${replayed} replayed`)
    }),
  ],
  [
    "a cursor of another log yields `gap`, then a snapshot",
    Effect.fnUntraced(function* ({ enter }) {
      const wire = yield* enter
      yield* wire.say({ type: "subscribe", id: "s1", ...everything, snapshot: "none" })
      const { seq } = yield* wire.next("subscribed")
      const since = { epoch: Epoch.make("of-another-log"), seq }
      yield* wire.say({ type: "subscribe", id: "s2", ...everything, since })
      const gap = yield* wire.next("gap")
      yield* expect(gap.id === "s2", `gap with id ${gap.id}`)
      const { id, resume, seq: newest } = yield* wire.next("snapshot")
      yield* expect(id === "s2" && resume === "cannot_replay", `snapshot ${id} with resume ${resume}`)
      yield* expect(gap.to === newest, `the gap ends at ${gap.to}, the snapshot stands at ${newest}`)
    }),
  ],
  [
    "a cursor that the log has not reached yet yields `gap`, then a snapshot",
    Effect.fnUntraced(function* ({ enter }) {
      const wire = yield* enter
      yield* wire.say({ type: "subscribe", id: "s1", ...everything, snapshot: "none" })
      const { epoch, seq } = yield* wire.next("subscribed")
      const since = { epoch, seq: Seq.make(seq + 1_000_000) }
      yield* wire.say({ type: "subscribe", id: "s2", ...everything, since })
      yield* wire.next("gap")
      const { resume } = yield* wire.next("snapshot")
      yield* expect(resume === "cannot_replay", `resume is ${resume}`)
    }),
  ],
  [
    "what lies between a cursor and now is replayed: all of it, in order, once, and marked",
    Effect.fnUntraced(function* ({ enter }) {
      const wire = yield* enter
      yield* wire.say({ type: "subscribe", id: "s1", ...everything, snapshot: "none" })
      const { epoch, seq } = yield* wire.next("subscribed")
      const since = { epoch, seq: Seq.make(Math.max(0, seq - lookBack)) }
      yield* wire.say({ type: "unsubscribe", id: "u", subscription: "s1" })
      yield* wire.next("unsubscribed")
      yield* wire.say({ type: "subscribe", id: "s2", ...everything, since, snapshot: "none" })
      const answer = yield* wire.next("subscribed")
      const between = answer.seq - since.seq
      yield* expect(answer.replayed === between, `replayed is ${answer.replayed}, not ${between}`)
      const resume = between === 0 ? "up_to_date" : "replayed"
      yield* expect(answer.resume === resume, `resume is ${answer.resume}, not ${resume}`)
      for (let place = since.seq + 1; place <= answer.seq; place++) {
        const { seq, sub, epoch, event } = yield* wire.next("event")
        yield* expect(
          seq === place && epoch === since.epoch,
          `${epoch}:${seq} instead of ${since.epoch}:${place}`,
        )
        yield* expect(sub.includes("s2"), `${seq} is for ${sub.join()}`)
        yield* expect(event.replayed === true, `${seq} is not marked as replayed`)
      }
    }),
  ],
  [
    "the id of a subscription can't be used for another",
    Effect.fnUntraced(function* ({ enter }) {
      const wire = yield* enter
      yield* wire.say({ type: "subscribe", id: "s", ...everything })
      yield* wire.next("snapshot")
      yield* wire.say({ type: "subscribe", id: "s", ...everything })
      yield* expectError(wire, "duplicate_id", "s")
    }),
  ],
  [
    "`unsubscribe` is answered; one of nothing is `not_found`",
    Effect.fnUntraced(function* ({ enter }) {
      const wire = yield* enter
      yield* wire.say({ type: "subscribe", id: "s", ...everything })
      yield* wire.next("snapshot")
      yield* wire.say({ type: "unsubscribe", id: "u", subscription: "s" })
      const answer = yield* wire.next("unsubscribed")
      yield* expect(answer.id === "u" && answer.subscription === "s", "another id or subscription")
      yield* wire.say({ type: "unsubscribe", id: "u2", subscription: "s" })
      yield* expectError(wire, "not_found", "u2")
    }),
  ],
  [
    "a topic that does not exist is `unsupported`",
    Effect.fnUntraced(function* ({ enter }) {
      const wire = yield* enter
      yield* wire.say({ type: "subscribe", id: "s", topics: ["weather"] })
      yield* expectError(wire, "unsupported", "s")
    }),
  ],
  [
    "a command that does not exist fails, and the connection stays",
    Effect.fnUntraced(function* ({ enter }) {
      const wire = yield* enter
      yield* wire.say({ type: "command", id: "c", name: "certainly-no-command" })
      const result = yield* wire.next("result")
      yield* expect(result.id === "c" && !result.ok, "it succeeded")
      const code = result.error?.code
      yield* expect(code === "unsupported", `error ${code} instead of unsupported`)
      yield* wire.say({ type: "subscribe", id: "s", ...everything })
      yield* wire.next("snapshot")
    }),
  ],
  [
    "`cancel` of no command, and an answer to no prompt, are `not_found`",
    Effect.fnUntraced(function* ({ enter, scopes }) {
      const wire = yield* enter
      yield* wire.say({ type: "cancel", id: "x", command: "none" })
      yield* expectError(wire, "not_found", "x")
      // Without the scope it is refused before it is looked for.
      if (!(yield* scopes).includes("admin")) return
      yield* wire.say({ type: "prompt.answer", id: "p", prompt: "certainly-none", value: "1" })
      const { id, ok, error } = yield* wire.next("result")
      yield* expect(id === "p" && !ok && error?.code === "not_found", `result ${id} with ${error?.code}`)
    }),
  ],
  [
    "an id of more than 64 characters is `malformed` and closed with 4400",
    Effect.fnUntraced(function* ({ enter }) {
      const wire = yield* enter
      yield* wire.say({ type: "subscribe", id: "x".repeat(65), ...everything })
      yield* expectError(wire, "malformed")
      yield* expectClose(wire, 4400)
    }),
  ],
  [
    "a type that does not exist is `unsupported`, and the connection stays",
    Effect.fnUntraced(function* ({ enter }) {
      const wire = yield* enter
      yield* wire.sayRaw(JSON.stringify({ type: "from.the.future", id: "f" }))
      yield* expectError(wire, "unsupported", "f")
      yield* wire.say({ type: "subscribe", id: "s", ...everything })
      yield* wire.next("snapshot")
    }),
  ],
  [
    "a field that does not exist is ignored",
    Effect.fnUntraced(function* ({ enter }) {
      const wire = yield* enter
      yield* wire.sayRaw(
        JSON.stringify({ type: "subscribe", id: "s", ...everything, fromTheFuture: { a: [1] } }),
      )
      yield* wire.next("snapshot")
    }),
  ],
  [
    "a frame that is no JSON is `malformed` and closed with 4400",
    Effect.fnUntraced(function* ({ enter }) {
      const wire = yield* enter
      yield* wire.sayRaw("{")
      yield* expectError(wire, "malformed")
      yield* expectClose(wire, 4400)
    }),
  ],
  [
    "a binary frame is closed with 4400",
    Effect.fnUntraced(function* ({ enter }) {
      const wire = yield* enter
      yield* wire.sayRaw(new Uint8Array([1, 2, 3]))
      yield* expectClose(wire, 4400)
    }),
  ],
  [
    "a message above `limits.maxMessageBytes` is closed with 1009",
    Effect.fnUntraced(function* ({ url, patienceMs }) {
      const wire = yield* openWire(url, patienceMs)
      const { limits } = yield* wire.next("hello")
      yield* wire.sayRaw(JSON.stringify({ type: "auth", id: "a", token: "x".repeat(limits.maxMessageBytes) }))
      yield* expectClose(wire, 1009)
    }),
  ],
  [
    "`heartbeat` comes within one and a half of `limits.heartbeatMs`",
    Effect.fnUntraced(function* ({ url, token }) {
      const first = yield* openWire(url, 5_000)
      const { limits } = yield* first.next("hello")
      const wire = yield* openWire(url, limits.heartbeatMs * 1.5)
      yield* wire.next("hello")
      yield* wire.say({ type: "auth", id: "a", token })
      yield* wire.next("ready")
      yield* wire.say({ type: "subscribe", id: "s", ...everything, snapshot: "none" })
      const { epoch, seq } = yield* wire.next("subscribed")
      const heartbeat = yield* wire.next("heartbeat")
      yield* expect(
        heartbeat.epoch === epoch && heartbeat.seq >= seq,
        `the heartbeat stands at ${heartbeat.epoch}:${heartbeat.seq}, before ${epoch}:${seq}`,
      )
    }),
  ],
]

/** Examines a server against the protocol, one connection per rule. It changes nothing in the home. */
export const conformance = Effect.fn("conformance")(function* (options: ConformanceOptions) {
  const { url, token, patienceMs = 5_000 } = options
  const open = Effect.tap(openWire(url, patienceMs), (wire) => wire.next("hello"))
  const signIn = (wire: Wire) =>
    Effect.andThen(wire.say({ type: "auth", id: "a", token }), wire.next("ready"))
  const enter = Effect.tap(open, signIn)
  const scopes = Effect.map(Effect.flatMap(open, signIn), (ready) => ready.scopes)
  return yield* Effect.forEach(rules, ([rule, body]) =>
    Effect.scoped(body({ url, token, patienceMs, open, enter, scopes })).pipe(
      Effect.as<Verdict>({ rule, deviation: null }),
      Effect.catchTag("Deviation", ({ found }) => Effect.succeed<Verdict>({ rule, deviation: found })),
    ),
  )
})
