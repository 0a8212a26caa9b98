import { EventLog, LogError, LogUnavailable } from "@blink-streams/events"
import { Epoch, Seq } from "@blink-streams/model"
import { assert, it } from "@effect/vitest"
import { Effect, Exit, Layer, Scope } from "effect"
import { TestClock } from "effect/testing"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { TestClient } from "./TestClient.ts"
import {
  account,
  bigMotions,
  bigStateAt,
  cursorAt,
  logIn,
  motion,
  motions,
  secret,
  startServer,
  stateAt,
} from "./testServer.ts"

const promised = <A>(promise: () => PromiseLike<A>) => Effect.promise(promise)

const temporaryFolder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "blink-streams-test-"))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true })),
)

it.live("A peer resumes after a server restart on the same log without loss or repetition", () =>
  Effect.gen(function* () {
    const filename = join(yield* temporaryFolder, "log.sqlite")
    const first = yield* Scope.make()
    const testServer = yield* Scope.provide(startServer({}, logIn(filename)), first)
    yield* testServer.log.append({ account, events: motions(1, 3), state: stateAt(1) })
    const peer = yield* promised(() => new TestClient(testServer.socketUrl).authenticate(secret))
    peer.send({ type: "subscribe", id: "s", topics: ["*"] })
    const { cursor } = yield* promised(() => peer.next("snapshot"))
    yield* Scope.close(first, Exit.void)
    const shutdown = yield* promised(() => peer.next("shutdown"))
    assert.isAtLeast(shutdown.reconnectAfterMs, 500)
    assert.deepInclude(yield* promised(() => peer.closed), { code: 1001 })

    const again = yield* startServer({}, logIn(filename))
    yield* again.log.append({ account, events: motions(4, 6) })
    const next = yield* promised(() => new TestClient(again.socketUrl).authenticate(secret))
    next.send({ type: "subscribe", id: "s", topics: ["*"], since: cursor })
    const snapshot = yield* promised(() => next.next("snapshot"))
    assert.deepInclude(snapshot, { resume: "replayed", replayed: 3 })
    const events = yield* promised(() => next.nextMany("event", 3))
    assert.deepStrictEqual(
      events.map(({ seq }) => Number(seq)),
      [4, 5, 6],
    )
  }).pipe(Effect.scoped),
)

it.effect("A time as `since` replays the events that were recorded at or after it", () =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.UTC(2026, 10, 24, 8))
    const { log, socketUrl, url } = yield* startServer()
    for (let number = 1; number <= 5; number++) {
      yield* log.append({ account, events: [motion(number)], state: stateAt(1) })
      yield* TestClock.adjust("1 minute")
    }
    const peer = yield* promised(() => new TestClient(socketUrl).authenticate(secret))
    for (const [index, [since, first]] of [
      ["2026-11-24T08:02:00.000Z", 3],
      ["2026-11-24T09:02:00.001+01:00", 4],
      ["2026-11-24T08:02Z", 3],
      ["2020-01-01T00:00:00Z", 1],
      ["2030-01-01T00:00:00Z", 6],
    ].entries() as Iterable<[number, [string, number]]>) {
      const id = `s${index}`
      peer.send({ type: "subscribe", id, topics: ["*"], since, snapshot: "none" })
      const { replayed } = yield* promised(() => peer.next("subscribed"))
      assert.strictEqual(replayed, 6 - first, since)
      const events = yield* promised(() => peer.nextMany("event", replayed))
      if (replayed > 0) assert.strictEqual(events[0]?.seq, first, since)
      peer.send({ type: "unsubscribe", id: `u${index}`, subscription: id })
      yield* promised(() => peer.next("unsubscribed"))
    }
    const page = yield* promised(async () => {
      const query = new URLSearchParams({ since: "2026-11-24T08:03:00Z", limit: "1" })
      const headers = { authorization: `Bearer ${secret}` }
      const response = await fetch(`${url}v1/events?${query.toString()}`, { headers })
      return (await response.json()) as { readonly events: ReadonlyArray<{ readonly seq: number }> }
    })
    assert.strictEqual(page.events[0]?.seq, 4)
    // A time without its zone is no time.
    peer.send({ type: "subscribe", id: "local", topics: ["*"], since: "2026-11-24T08:02:00" })
    assert.strictEqual((yield* promised(() => peer.next("gap"))).reason, "restart")
  }).pipe(Effect.scoped),
)

it.live("`beginning` as `since` replays the log from the oldest event that is kept, without a gap", () =>
  Effect.gen(function* () {
    const folder = yield* temporaryFolder
    const testServer = yield* startServer({}, logIn(join(folder, "log.sqlite"), 160))
    for (let from = 1; from <= 1_000; from += 50)
      yield* testServer.log.append({ account, events: motions(from, from + 49), state: stateAt(1) })
    const { oldest } = yield* testServer.log.bounds
    const peer = yield* promised(() => new TestClient(testServer.socketUrl).authenticate(secret))
    peer.send({ type: "subscribe", id: "s", topics: ["*"], since: "beginning", snapshot: "none" })
    const { resume, replayed } = yield* promised(() => peer.next("subscribed"))
    assert.deepStrictEqual([resume, replayed], ["replayed", 1_001 - oldest])
    const events = yield* promised(() => peer.nextMany("event", replayed))
    assert.deepStrictEqual([events[0]?.seq, events.at(-1)?.seq], [oldest, 1_000])
    const get = (query: string) =>
      promised(async () => {
        const headers = { authorization: `Bearer ${secret}` }
        const response = await fetch(`${testServer.url}v1/events?${query}`, { headers })
        return (await response.json()) as { readonly events: ReadonlyArray<{ readonly seq: number }> }
      })
    const page = yield* get("since=beginning&limit=2")
    assert.deepStrictEqual(
      page.events.map(({ seq }) => seq),
      [oldest, oldest + 1],
    )
  }).pipe(Effect.scoped),
)

it.live(
  "A `since` that is expired, of another log, in the future or no cursor yields a gap and a snapshot",
  () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const testServer = yield* startServer({}, logIn(join(folder, "log.sqlite"), 160))
      for (let from = 1; from <= 1_000; from += 50)
        yield* testServer.log.append({ account, events: motions(from, from + 49), state: stateAt(1) })
      const { log } = testServer
      const cursors = [
        { since: cursorAt(log, 5), reason: "cursor_expired", from: 5 },
        { since: cursorAt({ epoch: Epoch.make("another") }, 990), reason: "restart", from: 0 },
        { since: cursorAt(log, 5_000), reason: "restart", from: 0 },
        ...[
          "yesterday",
          "",
          "990",
          `${log.epoch}:`,
          `${log.epoch}:-1`,
          `${log.epoch}:1e3`,
          ` ${cursorAt(log, 5)}`,
        ].map((since) => ({ since, reason: "restart", from: 0 })),
      ]
      for (const [index, { since, reason, from }] of cursors.entries()) {
        const peer = yield* promised(() => new TestClient(testServer.socketUrl).authenticate(secret))
        peer.send({ type: "subscribe", id: "s", topics: ["*"], since })
        const gap = yield* promised(() => peer.next("gap"))
        const newest = Seq.make(1_000 + index)
        const to = cursorAt(log, newest)
        assert.deepInclude(gap, { id: "s", from: cursorAt(log, from), to, action: "snapshot_follows" })
        assert.strictEqual(gap.reason, reason)
        const snapshot = yield* promised(() => peer.next("snapshot"))
        assert.deepInclude(snapshot, { cursor: to, seq: newest, resume: "cannot_replay" })
        yield* testServer.log.append({ account, events: [motion(2_000 + index)] })
        const event = yield* promised(() => peer.next("event"))
        assert.strictEqual(Number(event.seq), newest + 1)
        assert.isUndefined(event.event.replayed)
      }
    }).pipe(Effect.scoped),
)

it.effect(
  "A peer that subscribes while the log feed is broken receives every event once the feed restarts",
  () =>
    Effect.gen(function* () {
      const filename = join(yield* temporaryFolder, "log.sqlite")
      const testServer = yield* startServer({}, logIn(filename, 160))
      // More at once than the log retains: the position that the server reads next is gone.
      yield* testServer.log.append({ account, events: motions(1, 500), state: stateAt(500) })
      const peer = yield* promised(() => new TestClient(testServer.socketUrl).authenticate(secret))
      peer.send({ type: "subscribe", id: "s", topics: ["*"] })
      assert.strictEqual((yield* promised(() => peer.next("snapshot"))).seq, 500)
      yield* testServer.log.append({ account, events: motions(501, 510), state: stateAt(510) })
      yield* TestClock.adjust("2 seconds")
      const events = yield* promised(() => peer.nextMany("event", 10))
      assert.strictEqual(events.at(-1)?.seq, 510)
      assert.strictEqual((yield* promised(() => peer.next("state"))).state.asOf, stateAt(510).asOf)
    }).pipe(Effect.scoped),
)

it.live(
  "Peers are disconnected with a reconnect delay while the log cannot be read, and miss nothing afterwards",
  () =>
    Effect.gen(function* () {
      let isBroken = false
      const problem = new LogError({ operation: "read", reason: new LogUnavailable({ cause: "no disk" }) })
      const unlessBroken = <A>(read: Effect.Effect<A, LogError>) =>
        Effect.suspend(() => (isBroken ? Effect.fail(problem) : read))
      const failingLog = Layer.effect(
        EventLog,
        Effect.map(EventLog, (log) =>
          EventLog.of({ ...log, readEncoded: (after, limit) => unlessBroken(log.readEncoded(after, limit)) }),
        ),
      ).pipe(Layer.provide(EventLog.layerMemory))
      const testServer = yield* startServer({}, failingLog)
      yield* testServer.log.append({ account, events: motions(1, 5), state: stateAt(5) })
      const since = cursorAt(testServer.log, 2)
      const connectPeer = Effect.gen(function* () {
        const peer = yield* promised(() => new TestClient(testServer.socketUrl).authenticate(secret))
        peer.send({ type: "subscribe", id: "s", topics: ["*"], snapshot: "none", since })
        return peer
      })
      isBroken = true
      const early = yield* connectPeer
      assert.isAtLeast((yield* promised(() => early.next("shutdown"))).reconnectAfterMs, 1_000)
      assert.deepInclude(yield* promised(() => early.closed), {
        code: 1001,
        reason: "the event log can't be read",
      })
      isBroken = false
      const late = yield* connectPeer
      const events = yield* promised(() => late.nextMany("event", 3))
      assert.deepStrictEqual(
        events.map(({ seq }) => Number(seq)),
        [3, 4, 5],
      )
    }).pipe(Effect.scoped),
)

it.live("A peer that pauses is served from the log: every event once and in order", () =>
  Effect.gen(function* () {
    const testServer = yield* startServer({ limits: { highWaterBytes: 16 * 1024 } })
    const peer = yield* promised(() => new TestClient(testServer.socketUrl).authenticate(secret))
    peer.send({ type: "subscribe", id: "s", topics: ["*"], snapshot: "none" })
    yield* promised(() => peer.next("subscribed"))
    peer.socket.pause()
    const count = 1_500
    for (let from = 1; from <= count; from += 50)
      yield* testServer.log.append({ account, events: bigMotions(from, from + 49) })
    const metrics = yield* promised(async () => (await fetch(`${testServer.url}metrics`)).text())
    const queuedBytes = Number(/blink_streams_queue_bytes (\d+)/.exec(metrics)?.[1])
    assert.isAbove(queuedBytes, 0)
    assert.isBelow(queuedBytes, 1024 * 1024)
    peer.socket.resume()
    const events = yield* promised(() => peer.nextMany("event", count))
    assert.isTrue(events.every(({ seq }, index) => seq === index + 1))
    assert.isFalse(peer.received.some(({ type }) => type === "gap"))
  }).pipe(Effect.scoped),
)

it.live("A peer that pauses for longer than the log retains events receives a gap", () =>
  Effect.gen(function* () {
    const filename = join(yield* temporaryFolder, "log.sqlite")
    const testServer = yield* startServer({ limits: { highWaterBytes: 16 * 1024 } }, logIn(filename, 160))
    const peer = yield* promised(() => new TestClient(testServer.socketUrl).authenticate(secret))
    peer.send({ type: "subscribe", id: "s", topics: ["*"], snapshot: "none" })
    yield* promised(() => peer.next("subscribed"))
    peer.socket.pause()
    const count = 1_500
    for (let from = 1; from <= count; from += 50)
      yield* testServer.log.append({ account, events: bigMotions(from, from + 49), state: stateAt(from) })
    peer.socket.resume()
    const gap = yield* promised(() => peer.next("gap"))
    assert.deepInclude(gap, { id: "s", to: cursorAt(testServer.log, count), reason: "slow_consumer" })
    const snapshot = yield* promised(() => peer.next("snapshot"))
    assert.strictEqual(snapshot.cursor, gap.to)
    const before = peer.received.flatMap((message) => (message.type === "event" ? [Number(message.seq)] : []))
    assert.deepStrictEqual(
      before,
      Array.from({ length: before.length }, (_, index) => index + 1),
    )
    assert.strictEqual(gap.from, cursorAt(testServer.log, before.length))
  }).pipe(Effect.scoped),
)

it.effect(
  "A peer that reads nothing for too long is closed with 4430 and receives the close code when it reads again",
  () =>
    Effect.gen(function* () {
      const testServer = yield* startServer({ limits: { highWaterBytes: 16 * 1024 } })
      const peer = yield* promised(() => new TestClient(testServer.socketUrl).authenticate(secret))
      peer.send({ type: "subscribe", id: "s", topics: ["*"], snapshot: "none" })
      yield* promised(() => peer.next("subscribed"))
      peer.socket.pause()
      for (let from = 1; from <= 1_000; from += 50)
        yield* testServer.log.append({ account, events: bigMotions(from, from + 49) })
      yield* TestClock.adjust("62 seconds")
      peer.socket.resume()
      const { code, reason } = yield* promised(() => peer.closed)
      assert.deepStrictEqual([code, reason], [4430, "nothing was read for too long"])
      const metrics = yield* promised(async () => (await fetch(`${testServer.url}metrics`)).text())
      assert.match(metrics, /blink_streams_closes_total\{code="4430"\} 1/)
      assert.match(metrics, /blink_streams_peers 0/)
      const last = peer.received.findLast((message) => message.type === "event")!
      const again = yield* promised(() => new TestClient(testServer.socketUrl).authenticate(secret))
      again.send({ type: "subscribe", id: "s", topics: ["*"], since: last.cursor })
      assert.strictEqual((yield* promised(() => again.next("snapshot"))).resume, "replayed")
      assert.strictEqual((yield* promised(() => again.next("event"))).seq, last.seq + 1)
    }).pipe(Effect.scoped),
)

const queued = (url: string) =>
  promised(async () =>
    Number(/blink_streams_queue_bytes (\d+)/.exec(await (await fetch(`${url}metrics`)).text())?.[1]),
  )

it.live("The server stops reading from a peer that sends requests without reading the replies", () =>
  Effect.gen(function* () {
    const limits = { highWaterBytes: 64 * 1024, messageBurst: 1e9 }
    const testServer = yield* startServer({ limits })
    yield* testServer.log.append({ account, events: [motion(1)], state: bigStateAt(1) })
    const peer = yield* promised(() => new TestClient(testServer.socketUrl).authenticate(secret))
    peer.socket.pause()
    const rounds = 1_000
    for (let round = 0; round < rounds; round++) {
      peer.send({ type: "subscribe", id: "s", topics: ["*"] })
      peer.send({ type: "unsubscribe", id: "u", subscription: "s" })
      if (round % 100 === 0) yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))
    }
    const bytes = yield* queued(testServer.url)
    assert.isAbove(bytes, 0)
    assert.isBelow(bytes, 4 * 1024 * 1024)
    peer.socket.resume()
    yield* promised(() => peer.nextMany("unsubscribed", rounds))
    assert.isFalse(peer.received.some(({ type }) => type === "error"))
  }).pipe(Effect.scoped),
)

it.effect("A peer whose pongs were not read under backpressure is not closed for them", () =>
  Effect.gen(function* () {
    const testServer = yield* startServer()
    const peer = yield* promised(() =>
      new TestClient(testServer.socketUrl, undefined, { autoPong: false }).authenticate(secret),
    )
    peer.send({ type: "subscribe", id: "s", topics: ["*"], snapshot: "none" })
    yield* promised(() => peer.next("subscribed"))
    for (let pings = 0; pings < 2; pings++) {
      const pinged = once(peer.socket, "ping")
      yield* TestClock.adjust("25 seconds")
      yield* promised(() => pinged)
    }
    peer.socket.pause()
    const count = 1_000
    for (let from = 1; from <= count; from += 50)
      yield* testServer.log.append({ account, events: bigMotions(from, from + 49) })
    peer.socket.resume()
    yield* promised(() => peer.nextMany("event", count))
    yield* TestClock.adjust("25 seconds")
    yield* testServer.log.append({ account, events: [motion(count + 1)] })
    assert.strictEqual((yield* promised(() => peer.next("event"))).seq, count + 1)
  }).pipe(Effect.scoped),
)

it.live("States do not accumulate for a peer that reads none: it receives the newest", () =>
  Effect.gen(function* () {
    const testServer = yield* startServer({ limits: { highWaterBytes: 64 * 1024, stateIntervalMs: 0 } })
    yield* testServer.log.append({ account, events: [], state: stateAt(0) })
    const peer = yield* promised(() => new TestClient(testServer.socketUrl).authenticate(secret))
    peer.send({ type: "subscribe", id: "s", topics: ["motion"] })
    yield* promised(() => peer.next("snapshot"))
    peer.socket.pause()
    const count = 1_000
    for (let second = 1; second <= count; second++)
      yield* testServer.log.append({ account, events: [], state: bigStateAt(second) })
    const bytes = yield* queued(testServer.url)
    assert.isAbove(bytes, 0)
    assert.isBelow(bytes, 1024 * 1024)
    peer.socket.resume()
    const newest = stateAt(count).asOf
    while ((yield* promised(() => peer.next("state"))).state.asOf !== newest);
    assert.isBelow(peer.received.length, count)
  }).pipe(Effect.scoped),
)
