import { EventPage } from "@blink-streams/protocol"
import { assert, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Redacted, Schema } from "effect"
import { TestClock } from "effect/testing"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { get, type IncomingMessage } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Permissions } from "../src/Permissions.ts"
import {
  account,
  armed,
  bigMotions,
  cursorAt,
  logIn,
  motion,
  motions,
  secret,
  startServer,
  stateAt,
} from "./testServer.ts"

const readOnly: Permissions = { scopes: ["read"], accounts: null, networks: null, cameras: null }

/** Reads until the text matches `enough`, or until the server ends the stream. */
const read = (
  url: string,
  token: string,
  headers: Readonly<Record<string, string>>,
  enough: RegExp | null,
  opened = () => {},
) =>
  Effect.promise(async () => {
    const abort = new AbortController()
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${token}`, accept: "text/event-stream", ...headers },
      signal: abort.signal,
    })
    let text = ""
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk
      opened()
      if (enough?.test(text)) break
    }
    abort.abort()
    return text
  })

it.live(
  "An event stream resumes after Last-Event-ID, and text that is no cursor of the log yields a gap and a snapshot",
  () =>
    Effect.gen(function* () {
      const testServer = yield* startServer()
      yield* testServer.log.append({ account, events: motions(1, 5), state: stateAt(1) })
      const { epoch } = testServer.log
      const url = `${testServer.url}v1/events`
      const fresh = yield* read(url, secret, {}, /"type":"snapshot"/)
      assert.include(fresh, `id: ${epoch}:5`)
      const resumed = yield* read(
        url,
        secret,
        { "last-event-id": `${epoch}:3` },
        new RegExp(`id: ${epoch}:5`),
      )
      assert.notInclude(resumed, "snapshot")
      assert.notInclude(resumed, `id: ${epoch}:3`)
      assert.include(resumed, `id: ${epoch}:4`)
      const bySince = yield* read(`${url}?since=${epoch}:3`, secret, {}, new RegExp(`id: ${epoch}:5`))
      assert.strictEqual(bySince, resumed)
      const all = yield* read(`${url}?since=beginning`, secret, {}, new RegExp(`id: ${epoch}:5`))
      assert.notInclude(all, "snapshot")
      assert.include(all, `id: ${epoch}:1\n`)
      for (const foreign of ["another:3", "yesterday", "3", `${epoch}:9`]) {
        const lost = yield* read(url, secret, { "last-event-id": foreign }, /"type":"snapshot"/)
        assert.include(lost, `{"type":"gap","from":"${epoch}:0","to":"${epoch}:5"`, foreign)
        assert.include(lost, `"type":"snapshot","cursor":"${epoch}:5"`)
      }
    }).pipe(Effect.scoped),
)

it.effect("Heartbeats carry the current cursor for a client whose filter matches no event", () =>
  Effect.gen(function* () {
    const testServer = yield* startServer()
    yield* testServer.log.append({ account, events: [motion(1)], state: stateAt(1) })
    const url = `${testServer.url}v1/events?topics=arm&since=${cursorAt(testServer.log, 0)}`
    yield* testServer.log.append({ account, events: [armed(2, "armed"), motion(3), motion(4)] })
    const opened = yield* Deferred.make<void>()
    const reading = yield* Effect.forkChild(
      read(url, secret, {}, /: heartbeat\nid: \S+:4\n/, () => Deferred.doneUnsafe(opened, Effect.void)),
    )
    yield* Deferred.await(opened)
    yield* TestClock.adjust("25 seconds")
    const text = yield* Fiber.join(reading)
    assert.strictEqual(text.split("data:").length - 1, 1)
  }).pipe(Effect.scoped),
)

it.effect("An event stream ends when its token is revoked or expires", () =>
  Effect.gen(function* () {
    const testServer = yield* startServer()
    yield* testServer.log.append({ account, events: [motion(1)], state: stateAt(1) })
    const url = `${testServer.url}v1/events`
    const revoked = yield* testServer.tokens.create({ name: "a", permissions: readOnly })
    const brief = yield* testServer.tokens.create({ name: "b", permissions: readOnly, lifetimeMs: 60_000 })
    /** Reads a stream until the server ends it; `end` runs once it is open. */
    const readUntilEnd = (token: Redacted.Redacted, end: Effect.Effect<unknown, unknown>) =>
      Effect.gen(function* () {
        const opened = yield* Deferred.make<void>()
        const onOpened = () => Deferred.doneUnsafe(opened, Effect.void)
        const reading = yield* Effect.forkChild(read(url, Redacted.value(token), {}, null, onOpened))
        yield* Deferred.await(opened)
        yield* end
        yield* Fiber.join(reading)
      })
    yield* readUntilEnd(revoked.token, testServer.tokens.revoke(revoked.record.id))
    yield* readUntilEnd(brief.token, TestClock.adjust("1 minute"))
  }).pipe(Effect.scoped),
)

it.effect("awaitInvalid completes for a token that was revoked before the call", () =>
  Effect.gen(function* () {
    const { tokens } = yield* startServer()
    const { record, token } = yield* tokens.create({ name: "a", permissions: readOnly })
    const authToken = yield* tokens.verify(token)
    yield* tokens.revoke(record.id)
    yield* tokens.awaitInvalid(authToken!)
    const kept = yield* tokens.verify(Redacted.make(secret))
    const waiting = yield* Effect.forkChild(tokens.awaitInvalid(kept!), { startImmediately: true })
    yield* TestClock.adjust("1 minute")
    assert.isUndefined(waiting.pollUnsafe())
  }).pipe(Effect.scoped),
)

it.effect("An event stream that its client does not read is closed and releases its connection", () =>
  Effect.gen(function* () {
    const testServer = yield* startServer({ limits: { maxPeersPerAddress: 1 } })
    for (let from = 1; from <= 1_000; from += 50)
      yield* testServer.log.append({ account, events: bigMotions(from, from + 49) })
    const open = Effect.callback<IncomingMessage>((resume) => {
      const headers = { authorization: `Bearer ${secret}`, accept: "text/event-stream" }
      const url = `${testServer.url}v1/events?since=${cursorAt(testServer.log, 0)}`
      const request = get(url, { headers, agent: false }, (response) => {
        if (response.statusCode !== 200) response.resume()
        resume(Effect.succeed(response))
      })
      request.on("error", () => {})
    })
    const unread = yield* open
    const closed = new Promise((resolve) => unread.on("close", resolve).on("error", () => {}))
    assert.strictEqual((yield* open).statusCode, 429)
    let read = yield* open
    while (read.statusCode === 429) {
      // Less than the limit at once: data that is still in the socket buffers is read meanwhile.
      yield* TestClock.adjust("10 seconds")
      read = yield* open
    }
    for (let heartbeats = 0; heartbeats < 5; heartbeats++) {
      const received = once(read, "data")
      yield* TestClock.adjust("25 seconds")
      yield* Effect.promise(() => received)
    }
    assert.isFalse(read.destroyed)
    read.destroy()
    unread.resume()
    yield* Effect.promise(() => closed)
  }).pipe(Effect.scoped),
)

it.live("Event streams count as connections of their address until they end", () =>
  Effect.gen(function* () {
    const testServer = yield* startServer({ limits: { maxPeersPerAddress: 1 } })
    const url = `${testServer.url}v1/events`
    const status = Effect.promise(async () => {
      const abort = new AbortController()
      const headers = { authorization: `Bearer ${secret}` }
      const response = await fetch(url, { headers, signal: abort.signal })
      return { code: response.status, end: () => abort.abort() }
    })
    const first = yield* status
    assert.strictEqual(first.code, 200)
    assert.strictEqual((yield* status).code, 429)
    first.end()
    // The server releases the connection once its socket has closed.
    const again = yield* Effect.repeat(status, { until: ({ code }) => code === 200 })
    assert.strictEqual(again.code, 200)
  }).pipe(Effect.scoped),
)

it.live("The events endpoint rejects an invalid limit, unknown topics and invalid ids", () =>
  Effect.gen(function* () {
    const testServer = yield* startServer()
    yield* testServer.log.append({ account, events: motions(1, 5), state: stateAt(1) })
    const get = (query: string) =>
      Effect.promise(async () => {
        const headers = { authorization: `Bearer ${secret}` }
        const response = await fetch(`${testServer.url}v1/events?${query}`, { headers })
        const { events } = (await response.json()) as { events?: ReadonlyArray<unknown> }
        return [response.status, events?.length] as const
      })
    assert.deepStrictEqual(yield* get("limit=3"), [200, 3])
    assert.deepStrictEqual(yield* get("limit=1.5"), [400, undefined])
    assert.deepStrictEqual(yield* get("limit=9&topics=weather"), [422, undefined])
    assert.deepStrictEqual(yield* get(`limit=9&accounts=${account}&topics=motion`), [200, 5])
    assert.deepStrictEqual(yield* get("limit=9&accounts=1"), [200, 0])
    assert.deepStrictEqual(yield* get("limit=9&networks=x"), [400, undefined])
    assert.deepStrictEqual(yield* get("limit=9&networks="), [400, undefined])
  }).pipe(Effect.scoped),
)

type Page = Omit<EventPage, "events"> & {
  readonly events: ReadonlyArray<{ readonly seq: number; readonly cursor: string } & Record<string, unknown>>
  readonly error?: { readonly code: string }
}

const getPage = (url: string, query: string) =>
  Effect.promise(async () => {
    const headers = { authorization: `Bearer ${secret}` }
    const response = await fetch(`${url}v1/events?${query}`, { headers })
    return { status: response.status, page: (await response.json()) as Page }
  })

const seqsOf = ({ events }: Page) => events.map(({ seq }) => seq)

it.live("A page lists each event as its websocket message without `sub`, with its cursor", () =>
  Effect.gen(function* () {
    const { log, url } = yield* startServer()
    yield* log.append({ account, events: motions(1, 3), state: stateAt(1) })
    const { page } = yield* getPage(url, `since=${cursorAt(log, 2)}`)
    assert.hasAllKeys(page, ["events", "previous", "next", "more"])
    assert.hasAllKeys(page.events[0], ["type", "cursor", "epoch", "seq", "event"])
    assert.deepInclude(page.events[0], { type: "event", cursor: cursorAt(log, 3), epoch: log.epoch, seq: 3 })
    assert.deepInclude(page.events[0]?.["event"], { kind: "motion", id: "motion:3", replayed: true })
    const decoded = Schema.decodeUnknownSync(EventPage)(page)
    assert.strictEqual(decoded.events[0]?.cursor, cursorAt(log, 3))
  }).pipe(Effect.scoped),
)

it.live(
  "Pages lead forward from `since` with `next`, and backward from the newest events with `previous`",
  () =>
    Effect.gen(function* () {
      const { log, url } = yield* startServer()
      yield* log.append({ account, events: motions(1, 10), state: stateAt(1) })
      const forward = [yield* getPage(url, `since=${cursorAt(log, 0)}&limit=4`)]
      while (forward.at(-1)!.page.more)
        forward.push(yield* getPage(url, `since=${forward.at(-1)!.page.next}&limit=4`))
      assert.deepStrictEqual(
        forward.map(({ page }) => seqsOf(page)),
        [
          [1, 2, 3, 4],
          [5, 6, 7, 8],
          [9, 10],
        ],
      )
      const backward = [yield* getPage(url, "limit=4")]
      while (backward.at(-1)!.page.more)
        backward.push(yield* getPage(url, `until=${backward.at(-1)!.page.previous}&limit=4`))
      assert.deepStrictEqual(
        backward.map(({ page }) => seqsOf(page)),
        [
          [7, 8, 9, 10],
          [3, 4, 5, 6],
          [1, 2],
        ],
      )
      assert.strictEqual(backward[0]?.page.next, cursorAt(log, 10))
      const { page } = yield* getPage(url, `until=${cursorAt(log, 6)}&limit=1`)
      assert.deepStrictEqual(
        page.events.map(({ cursor }) => cursor),
        [cursorAt(log, 6)],
      )
    }).pipe(Effect.scoped),
)

it.live("A page of an empty log has no events, and its cursors are equal", () =>
  Effect.gen(function* () {
    const { log, url } = yield* startServer()
    const { page } = yield* getPage(url, "limit=10")
    const start = cursorAt(log, 0)
    assert.deepStrictEqual(page, { events: [], previous: start, next: start, more: false })
  }).pipe(Effect.scoped),
)

it.live("A page ends at the oldest retained event, and is empty before it", () =>
  Effect.gen(function* () {
    const folder = yield* Effect.acquireRelease(
      Effect.sync(() => mkdtempSync(join(tmpdir(), "blink-streams-test-"))),
      (folder) => Effect.sync(() => rmSync(folder, { recursive: true })),
    )
    const { log, url } = yield* startServer({}, logIn(join(folder, "log.sqlite"), 160))
    for (let from = 1; from <= 1_000; from += 50)
      yield* log.append({ account, events: motions(from, from + 49), state: stateAt(1) })
    const { oldest } = yield* log.bounds
    const { page } = yield* getPage(url, "limit=1000")
    assert.strictEqual(page.events[0]?.seq, oldest)
    assert.isFalse(page.more)
    const earlier = yield* getPage(url, `until=${page.previous}`)
    assert.deepStrictEqual([earlier.status, earlier.page.events, earlier.page.more], [200, [], false])
    assert.deepStrictEqual((yield* getPage(url, `until=${cursorAt(log, 5)}`)).page.events, [])
    assert.deepInclude((yield* getPage(url, `since=${cursorAt(log, 5)}`)).page.error, {
      code: "cursor_expired",
    })
  }).pipe(Effect.scoped),
)

it.live("A page of text that is no cursor of the log fails with `cursor_expired`", () =>
  Effect.gen(function* () {
    const { log, url } = yield* startServer()
    yield* log.append({ account, events: motions(1, 5), state: stateAt(1) })
    for (const parameter of ["since", "until"])
      for (const text of ["yesterday", "", "3", "another:3", `${log.epoch}:9`]) {
        const { status, page } = yield* getPage(url, `${parameter}=${text}`)
        assert.deepStrictEqual([status, page.error?.code], [410, "cursor_expired"], `${parameter}=${text}`)
      }
    const both = yield* getPage(url, `since=${cursorAt(log, 1)}&until=${cursorAt(log, 3)}`)
    assert.deepStrictEqual([both.status, both.page.error?.code], [400, "malformed"])
  }).pipe(Effect.scoped),
)
