import { Seq } from "@blink-streams/model"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { errorOf, TestClient } from "./TestClient.ts"
import { account, armed, cursorAt, motion, motions, secret, startServer, stateAt } from "./testServer.ts"

const promised = <A>(promise: () => PromiseLike<A>) => Effect.promise(promise)

it.live("A peer receives `hello`, `ready`, one snapshot and then each event", () =>
  Effect.gen(function* () {
    const testServer = yield* startServer()
    yield* testServer.log.append({ account, events: [motion(1)], state: stateAt(1) })
    const peer = new TestClient(testServer.socketUrl)
    const hello = yield* promised(() => peer.next("hello"))
    assert.deepInclude(hello, { epoch: testServer.log.epoch, auth: ["token"] })
    assert.notInclude(JSON.stringify(hello), String(account))
    peer.send({ type: "auth", id: "a1", token: secret })
    const ready = yield* promised(() => peer.next("ready"))
    assert.deepInclude(ready, { id: "a1", scopes: ["read", "control", "admin"] })
    peer.send({ type: "subscribe", id: "s1", topics: ["*"] })
    const snapshot = yield* promised(() => peer.next("snapshot"))
    assert.deepInclude(snapshot, { id: "s1", seq: Seq.make(1), ready: true, resume: "live", replayed: 0 })
    assert.strictEqual(snapshot.cursor, cursorAt(testServer.log, 1))
    yield* testServer.log.append({ account, events: [armed(2, "armed"), motion(3)] })
    const [first, second] = yield* promised(() => peer.nextMany("event", 2))
    assert.deepInclude(first, { sub: ["s1"], epoch: testServer.log.epoch, seq: Seq.make(2) })
    assert.strictEqual(first?.cursor, cursorAt(testServer.log, 2))
    assert.strictEqual(first?.event.kind, "arm.changed")
    assert.isUndefined(first?.event.replayed)
    assert.strictEqual(second?.seq, 3)
  }).pipe(Effect.scoped),
)

it.live("A peer that resumes receives the missed events marked as replayed, then live events", () =>
  Effect.gen(function* () {
    const testServer = yield* startServer()
    yield* testServer.log.append({ account, events: motions(1, 2000), state: stateAt(1) })
    const since = cursorAt(testServer.log, 100)
    const peer = yield* promised(() => new TestClient(testServer.socketUrl).authenticate(secret))
    peer.send({ type: "subscribe", id: "s", topics: ["motion"], since })
    const snapshot = yield* promised(() => peer.next("snapshot"))
    assert.deepInclude(snapshot, { seq: Seq.make(2000), resume: "replayed", replayed: 1900 })
    const replayed = yield* promised(() => peer.nextMany("event", 1900))
    assert.deepStrictEqual(
      replayed.map(({ seq }) => seq),
      Array.from({ length: 1900 }, (_, index) => index + 101),
    )
    assert.isTrue(replayed.every(({ event }) => event.replayed === true))
    yield* testServer.log.append({ account, events: [motion(2001)] })
    const live = yield* promised(() => peer.next("event"))
    assert.strictEqual(live.seq, 2001)
    assert.isUndefined(live.event.replayed)
  }).pipe(Effect.scoped),
)

it.effect("A peer that replies to no pings is closed with 4408", () =>
  Effect.gen(function* () {
    const testServer = yield* startServer()
    const peer = new TestClient(testServer.socketUrl, "blink-streams.v1", { autoPong: false })
    yield* promised(() => peer.authenticate(secret))
    yield* TestClock.adjust("75 seconds")
    assert.deepInclude(yield* promised(() => peer.closed), { code: 4408 })
  }).pipe(Effect.scoped),
)

it.live("An idempotency key returns the outcome of its command and is rejected for another command", () =>
  Effect.gen(function* () {
    const testServer = yield* startServer()
    const peer = yield* promised(() => new TestClient(testServer.socketUrl).authenticate(secret))
    peer.send({ type: "command", id: "1", name: "refresh", idempotencyKey: "k" })
    const first = yield* promised(() => peer.next("result"))
    peer.send({ type: "command", id: "2", name: "refresh", idempotencyKey: "k" })
    assert.deepStrictEqual(errorOf(yield* promised(() => peer.next("result"))), errorOf(first))
    peer.send({ type: "command", id: "3", name: "arm", idempotencyKey: "k" })
    assert.strictEqual(errorOf(yield* promised(() => peer.next("result")))?.code, "key_reused")
  }).pipe(Effect.scoped),
)

it.live("Two subscriptions of one peer share a frame, and each can be ended alone", () =>
  Effect.gen(function* () {
    const testServer = yield* startServer()
    const peer = yield* promised(() => new TestClient(testServer.socketUrl).authenticate(secret))
    peer.send({ type: "subscribe", id: "a", topics: ["motion"] })
    peer.send({ type: "subscribe", id: "b", topics: ["*"] })
    yield* promised(() => peer.nextMany("snapshot", 2))
    yield* testServer.log.append({ account, events: [motion(1), armed(2, "armed")] })
    const both = yield* promised(() => peer.nextMany("event", 2))
    assert.deepStrictEqual(
      both.map(({ sub }) => sub.toSorted()),
      [["a", "b"], ["b"]],
    )
    peer.send({ type: "unsubscribe", id: "u", subscription: "b" })
    yield* promised(() => peer.next("unsubscribed"))
    yield* testServer.log.append({ account, events: [armed(3, "disarmed"), motion(4)] })
    const last = yield* promised(() => peer.next("event"))
    assert.deepStrictEqual([Number(last.seq), last.sub], [4, ["a"]])
  }).pipe(Effect.scoped),
)
