import { assert, it } from "@effect/vitest"
import { Effect, Option, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { setTimeout as wait } from "node:timers/promises"
import { get, type IncomingMessage } from "node:http"
import type { Permissions } from "../src/Permissions.ts"
import { account, armed, motion, motions, secret, startServer, stateAt } from "./testServer.ts"

const readOnly: Permissions = { scopes: ["read"], accounts: null, networks: null, cameras: null }

/** Reads until `enough`, or until the server ends the stream. */
const read = (
  url: string,
  token: string,
  headers: Readonly<Record<string, string>>,
  enough: RegExp | null,
  opened = () => {},
) =>
  Effect.promise(async () => {
    const abort = new AbortController()
    const answer = await fetch(url, {
      headers: { authorization: `Bearer ${token}`, accept: "text/event-stream", ...headers },
      signal: abort.signal,
    })
    let text = ""
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk
      opened()
      if (enough?.test(text)) break
    }
    abort.abort()
    return text
  })

it.live("a stream goes on after Last-Event-ID; a place of another log yields a gap and the state", () =>
  Effect.gen(function* () {
    const house = yield* startServer()
    yield* house.log.append({ account, events: motions(1, 5), state: stateAt(1) })
    const { epoch } = house.log
    const url = `${house.url}v1/events`
    const fresh = yield* read(url, secret, {}, /"type":"snapshot"/)
    assert.include(fresh, `id: ${epoch}:5`)
    const resumed = yield* read(url, secret, { "last-event-id": `${epoch}:3` }, new RegExp(`id: ${epoch}:5`))
    assert.notInclude(resumed, "snapshot")
    assert.notInclude(resumed, `id: ${epoch}:3`)
    assert.include(resumed, `id: ${epoch}:4`)
    const lost = yield* read(url, secret, { "last-event-id": "another:3" }, /"type":"snapshot"/)
    assert.include(lost, '"type":"gap"')
  }).pipe(Effect.scoped),
)

it.live("signs of life carry the place that a reader who filters has got to", () =>
  Effect.gen(function* () {
    const house = yield* startServer({ limits: { heartbeatMs: 100 } })
    yield* house.log.append({ account, events: [motion(1)], state: stateAt(1) })
    const url = `${house.url}v1/events?topics=arm&after=0`
    yield* house.log.append({ account, events: [armed(2, "armed"), motion(3), motion(4)] })
    const text = yield* read(url, secret, {}, /still here\nid: \S+:4\n/)
    assert.strictEqual(text.split("data:").length - 1, 1)
  }).pipe(Effect.scoped),
)

it.live("a stream ends with its token, by revocation or by time", () =>
  Effect.gen(function* () {
    const house = yield* startServer()
    yield* house.log.append({ account, events: [motion(1)], state: stateAt(1) })
    const url = `${house.url}v1/events`
    const revoked = yield* house.tokens.create({ name: "a", permissions: readOnly })
    yield* read(url, Redacted.value(revoked.token), {}, null, () => {
      void Effect.runPromise(house.tokens.revoke(revoked.record.id))
    })
    const brief = yield* house.tokens.create({ name: "b", permissions: readOnly, lifetimeMs: 500 })
    yield* read(url, Redacted.value(brief.token), {}, null)
  }).pipe(Effect.scoped),
)

it.live("a token that was revoked before anybody listened for it has ended as well", () =>
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

it.effect("a stream that nobody reads for too long is closed, and gives its place back", () =>
  Effect.gen(function* () {
    const house = yield* startServer({ limits: { maxPeersPerAddress: 1 } })
    for (let from = 1; from <= 40_000; from += 500)
      yield* house.log.append({ account, events: motions(from, from + 499) })
    const open = Effect.callback<IncomingMessage>((resume) => {
      const headers = { authorization: `Bearer ${secret}`, accept: "text/event-stream" }
      const request = get(`${house.url}v1/events?after=0`, { headers, agent: false }, (answer) => {
        if (answer.statusCode !== 200) answer.resume()
        resume(Effect.succeed(answer))
      })
      request.on("error", () => {})
    })
    const unread = yield* open
    const closed = new Promise((resolve) => unread.on("close", resolve).on("error", () => {}))
    assert.strictEqual((yield* open).statusCode, 429)
    // What the sockets take by themselves takes a while to get there.
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

it.live("streams count among the connections of an address, and give their place back", () =>
  Effect.gen(function* () {
    const house = yield* startServer({ limits: { maxPeersPerAddress: 1 } })
    const url = `${house.url}v1/events`
    const status = Effect.promise(async () => {
      const abort = new AbortController()
      const headers = { authorization: `Bearer ${secret}` }
      const answer = await fetch(url, { headers, signal: abort.signal })
      return { code: answer.status, end: () => abort.abort() }
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

it.live("a page is asked for in whole numbers and by topics that there are", () =>
  Effect.gen(function* () {
    const house = yield* startServer()
    yield* house.log.append({ account, events: motions(1, 5), state: stateAt(1) })
    const get = (query: string) =>
      Effect.promise(async () => {
        const headers = { authorization: `Bearer ${secret}` }
        const answer = await fetch(`${house.url}v1/events?after=0&${query}`, { headers })
        const { events } = (await answer.json()) as { events?: ReadonlyArray<unknown> }
        return [answer.status, events?.length] as const
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
