import { assert, it } from "@effect/vitest"
import { Seq } from "@blink-streams/model"
import { Effect } from "effect"
import { TestClient } from "./TestClient.ts"
import { account, armed, motion, motions, secret, startServer, stateAt } from "./testServer.ts"

const talk = <A>(conversation: () => PromiseLike<A>) => Effect.promise(conversation)

it.live("a peer is greeted, let in, gets one snapshot and then each event", () =>
  Effect.gen(function* () {
    const house = yield* startServer()
    yield* house.log.append({ account, events: [motion(1)], state: stateAt(1) })
    const peer = new TestClient(house.socketUrl)
    const hello = yield* talk(() => peer.next("hello"))
    assert.deepInclude(hello, { epoch: house.log.epoch, auth: ["token"] })
    assert.notInclude(JSON.stringify(hello), String(account))
    peer.send({ type: "auth", id: "a1", token: secret })
    const ready = yield* talk(() => peer.next("ready"))
    assert.deepInclude(ready, { id: "a1", scopes: ["read", "control", "admin"] })
    peer.send({ type: "subscribe", id: "s1", topics: ["*"] })
    const snapshot = yield* talk(() => peer.next("snapshot"))
    assert.deepInclude(snapshot, { id: "s1", seq: Seq.make(1), ready: true, resume: "live", replayed: 0 })
    yield* house.log.append({ account, events: [armed(2, "armed"), motion(3)] })
    const [first, second] = yield* talk(() => peer.nextMany("event", 2))
    assert.deepInclude(first, { sub: ["s1"], epoch: house.log.epoch, seq: Seq.make(2) })
    assert.strictEqual(first?.event.kind, "arm.changed")
    assert.isUndefined(first?.event.replayed)
    assert.strictEqual(second?.seq, 3)
  }).pipe(Effect.scoped),
)

it.live("a peer that resumes gets what it missed, marked as replayed, and then goes on live", () =>
  Effect.gen(function* () {
    const house = yield* startServer()
    yield* house.log.append({ account, events: motions(1, 2000), state: stateAt(1) })
    const { epoch } = house.log
    const peer = yield* talk(() => new TestClient(house.socketUrl).authenticate(secret))
    peer.send({ type: "subscribe", id: "s", topics: ["motion"], since: { epoch, seq: Seq.make(100) } })
    const snapshot = yield* talk(() => peer.next("snapshot"))
    assert.deepInclude(snapshot, { seq: Seq.make(2000), resume: "replayed", replayed: 1900 })
    const replayed = yield* talk(() => peer.nextMany("event", 1900))
    assert.deepStrictEqual(
      replayed.map(({ seq }) => seq),
      Array.from({ length: 1900 }, (_, index) => index + 101),
    )
    assert.isTrue(replayed.every(({ event }) => event.replayed === true))
    yield* house.log.append({ account, events: [motion(2001)] })
    const live = yield* talk(() => peer.next("event"))
    assert.strictEqual(live.seq, 2001)
    assert.isUndefined(live.event.replayed)
  }).pipe(Effect.scoped),
)

it.live("a peer that answers no pings is closed with 4408", () =>
  Effect.gen(function* () {
    const house = yield* startServer({ limits: { heartbeatMs: 200 } })
    const peer = new TestClient(house.socketUrl, "blink-streams.v1", { autoPong: false })
    yield* talk(() => peer.authenticate(secret))
    assert.deepInclude(yield* talk(() => peer.closed), { code: 4408 })
  }).pipe(Effect.scoped),
)

it.live("an idempotency key belongs to one command", () =>
  Effect.gen(function* () {
    const house = yield* startServer()
    const peer = yield* talk(() => new TestClient(house.socketUrl).authenticate(secret))
    peer.send({ type: "command", id: "1", name: "refresh", idempotencyKey: "k" })
    const first = yield* talk(() => peer.next("result"))
    peer.send({ type: "command", id: "2", name: "refresh", idempotencyKey: "k" })
    assert.deepStrictEqual((yield* talk(() => peer.next("result"))).error, first.error)
    peer.send({ type: "command", id: "3", name: "arm", idempotencyKey: "k" })
    assert.strictEqual((yield* talk(() => peer.next("result"))).error?.code, "key_reused")
  }).pipe(Effect.scoped),
)

it.live("two subscriptions of one peer share a frame, and each can be ended alone", () =>
  Effect.gen(function* () {
    const house = yield* startServer()
    const peer = yield* talk(() => new TestClient(house.socketUrl).authenticate(secret))
    peer.send({ type: "subscribe", id: "a", topics: ["motion"] })
    peer.send({ type: "subscribe", id: "b", topics: ["*"] })
    yield* talk(() => peer.nextMany("snapshot", 2))
    yield* house.log.append({ account, events: [motion(1), armed(2, "armed")] })
    const both = yield* talk(() => peer.nextMany("event", 2))
    assert.deepStrictEqual(
      both.map(({ sub }) => sub.toSorted()),
      [["a", "b"], ["b"]],
    )
    peer.send({ type: "unsubscribe", id: "u", subscription: "b" })
    yield* talk(() => peer.next("unsubscribed"))
    yield* house.log.append({ account, events: [armed(3, "disarmed"), motion(4)] })
    const last = yield* talk(() => peer.next("event"))
    assert.deepStrictEqual([Number(last.seq), last.sub], [4, ["a"]])
  }).pipe(Effect.scoped),
)
