import { assert, it } from "@effect/vitest"
import { Effect, Option, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { get, type IncomingMessage } from "node:http"
import { setTimeout as wait } from "node:timers/promises"
import type { Permissions } from "../src/Permissions.ts"
import { account, armed, motion, motions, secret, startServer, stateAt } from "./testServer.ts"

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
  "An event stream resumes after Last-Event-ID, and a cursor of another log yields a gap and a snapshot",
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
      const lost = yield* read(url, secret, { "last-event-id": "another:3" }, /"type":"snapshot"/)
      assert.include(lost, '"type":"gap"')
    }).pipe(Effect.scoped),
)

it.live("Heartbeats carry the current cursor for a client whose filter matches no event", () =>
  Effect.gen(function* () {
    const testServer = yield* startServer({ limits: { heartbeatMs: 100 } })
    yield* testServer.log.append({ account, events: [motion(1)], state: stateAt(1) })
    const url = `${testServer.url}v1/events?topics=arm&after=0`
    yield* testServer.log.append({ account, events: [armed(2, "armed"), motion(3), motion(4)] })
    const text = yield* read(url, secret, {}, /: heartbeat\nid: \S+:4\n/)
    assert.strictEqual(text.split("data:").length - 1, 1)
  }).pipe(Effect.scoped),
)

it.live("An event stream ends when its token is revoked or expires", () =>
  Effect.gen(function* () {
    const testServer = yield* startServer()
    yield* testServer.log.append({ account, events: [motion(1)], state: stateAt(1) })
    const url = `${testServer.url}v1/events`
    const revoked = yield* testServer.tokens.create({ name: "a", permissions: readOnly })
    yield* read(url, Redacted.value(revoked.token), {}, null, () => {
      void Effect.runPromise(testServer.tokens.revoke(revoked.record.id))
    })
    const brief = yield* testServer.tokens.create({ name: "b", permissions: readOnly, lifetimeMs: 500 })
    yield* read(url, Redacted.value(brief.token), {}, null)
  }).pipe(Effect.scoped),
)

it.live("awaitInvalid completes for a token that was revoked before the call", () =>
  Effect.gen(function* () {
    const { tokens } = yield* startServer()
    const { record, token } = yield* tokens.create({ name: "a", permissions: readOnly })
    const authToken = yield* tokens.verify(token)
    yield* tokens.revoke(record.id)
    yield* tokens.awaitInvalid(authToken!)
    const kept = yield* tokens.verify(Redacted.make(secret))
    assert.isTrue(Option.isNone(yield* Effect.timeoutOption(tokens.awaitInvalid(kept!), "50 millis")))
  }).pipe(Effect.scoped),
)

it.effect("An event stream that its client does not read is closed and releases its connection", () =>
  Effect.gen(function* () {
    const testServer = yield* startServer({ limits: { maxPeersPerAddress: 1 } })
    for (let from = 1; from <= 40_000; from += 500)
      yield* testServer.log.append({ account, events: motions(from, from + 499) })
    const open = Effect.callback<IncomingMessage>((resume) => {
      const headers = { authorization: `Bearer ${secret}`, accept: "text/event-stream" }
      const request = get(`${testServer.url}v1/events?after=0`, { headers, agent: false }, (response) => {
        if (response.statusCode !== 200) response.resume()
        resume(Effect.succeed(response))
      })
      request.on("error", () => {})
    })
    const unread = yield* open
    const closed = new Promise((resolve) => unread.on("close", resolve).on("error", () => {}))
    assert.strictEqual((yield* open).statusCode, 429)
    // Data in the socket buffers takes a while to arrive.
    const pass = Effect.andThen(
      TestClock.adjust("10 seconds"),
      Effect.promise(() => wait(20)),
    )
    let read = yield* open
    while (read.statusCode === 429) {
      yield* pass
      read = yield* open
    }
    read.resume()
    for (let rounds = 0; rounds < 12; rounds++) yield* pass
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
    const again = yield* Effect.repeat(Effect.delay(status, "20 millis"), {
      until: ({ code }) => code === 200,
      times: 100,
    })
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
        const response = await fetch(`${testServer.url}v1/events?after=0&${query}`, { headers })
        const { events } = (await response.json()) as { events?: ReadonlyArray<unknown> }
        return [response.status, events?.length] as const
      })
    assert.deepStrictEqual(yield* get("limit=3"), [200, 3])
    assert.deepStrictEqual(yield* get("limit=1.5"), [400, undefined])
    assert.deepStrictEqual(yield* get("topics=weather"), [422, undefined])
    assert.deepStrictEqual(yield* get(`accounts=${account}&topics=motion`), [200, 5])
    assert.deepStrictEqual(yield* get("accounts=1"), [200, 0])
    assert.deepStrictEqual(yield* get("networks=x"), [400, undefined])
    assert.deepStrictEqual(yield* get("networks="), [400, undefined])
  }).pipe(Effect.scoped),
)
