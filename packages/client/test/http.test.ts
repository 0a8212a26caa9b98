import { assert, it } from "@effect/vitest"
import { NetworkId } from "@blink-streams/model"
import { Effect } from "effect"
import { createServer, type RequestListener } from "node:http"
import type { AddressInfo } from "node:net"
import { httpClient, RequestError } from "../src/http.ts"
import { FetchClient } from "../src/internal/http/FetchClient.ts"
import { account, cursorAt, motions, secret, startServer, stateAt } from "../../server/test/testServer.ts"

const promised = <A>(run: () => Promise<A>) => Effect.promise(run)

const failure = (run: () => Promise<unknown>) =>
  promised(() =>
    run().then(
      () => assert.fail("the request succeeded"),
      (error: unknown) => {
        assert.instanceOf(error, RequestError)
        return error
      },
    ),
  )

/** Server of another program on loopback. */
const foreignServer = (listener: RequestListener) =>
  Effect.acquireRelease(
    Effect.callback<{ readonly url: string; readonly close: () => void }>((resume) => {
      const server = createServer(listener).listen(0, "127.0.0.1", () => {
        const { port } = server.address() as AddressInfo
        resume(Effect.succeed({ url: `http://127.0.0.1:${port}/`, close: () => server.close() }))
      })
    }),
    ({ close }) => Effect.sync(close),
  )

it.live("HttpClient reads the log in pages of both directions, and the state at its end", () =>
  Effect.gen(function* () {
    const { log, url } = yield* startServer()
    yield* log.append({ account, events: motions(1, 250), state: stateAt(1) })
    const http = httpClient({ url, token: async () => secret })
    const newest = yield* promised(() => http.events())
    assert.lengthOf(newest.events, 100)
    assert.strictEqual(newest.next, cursorAt(log, 250))
    assert.isTrue(newest.more)
    const before = yield* promised(() => http.events({ until: newest.previous, limit: 200 }))
    assert.lengthOf(before.events, 150)
    assert.isFalse(before.more)
    const after = yield* promised(() => http.events({ since: cursorAt(log, 248) }))
    assert.deepStrictEqual(
      after.events.map(({ id, cursor, replayed }) => [String(id), cursor, replayed]),
      [
        ["motion:249", cursorAt(log, 249), true],
        ["motion:250", cursorAt(log, 250), true],
      ],
    )
    const snapshot = yield* promised(() => http.state())
    assert.strictEqual(snapshot.cursor, newest.next)
    assert.strictEqual(snapshot.state.accounts[0]?.account, account)
  }).pipe(Effect.scoped),
)

it.live(
  "HttpClient reads one event again with newly signed URLs, and null for text that is no cursor of it",
  () =>
    Effect.gen(function* () {
      const { log, url } = yield* startServer()
      yield* log.append({ account, events: motions(1, 5), state: stateAt(1) })
      const http = httpClient({ url, token: secret })
      const event = yield* promised(() => http.event(cursorAt(log, 3)))
      assert.strictEqual(String(event?.id), "motion:3")
      const path = event?.kind === "motion" ? event.data.thumbnail : undefined
      assert.include(path, "signature=")
      const expired = `${path?.split("?")[0]}?expires=1&signature=x`
      const renewed = yield* promised(() => http.freshMediaUrl(expired, cursorAt(log, 3)))
      assert.strictEqual(renewed, http.mediaUrl(path!))
      assert.strictEqual(yield* promised(() => http.freshMediaUrl(path!, "no cursor")), renewed)
      assert.isNull(yield* promised(() => http.freshMediaUrl(expired, cursorAt(log, 4))))
      for (const text of ["yesterday", cursorAt(log, 0), cursorAt(log, 9)])
        assert.isNull(yield* promised(() => http.event(text)), text)
    }).pipe(Effect.scoped),
)

it("HttpClient resolves paths below the base path of a reverse proxy", () => {
  const path = "/v1/media/1/abc?expires=2&signature=x"
  for (const [url, expected] of [
    ["ws://127.0.0.1:25465", "http://127.0.0.1:25465/v1/media/1/abc?expires=2&signature=x"],
    ["wss://example.org/blink", "https://example.org/blink/v1/media/1/abc?expires=2&signature=x"],
    ["https://example.org/blink/?kiosk#x", "https://example.org/blink/v1/media/1/abc?expires=2&signature=x"],
  ] as const) {
    assert.strictEqual(httpClient({ url }).mediaUrl(path), expected)
    assert.strictEqual(httpClient({ url }).mediaUrl(`/inner${path}`), expected)
  }
})

it.live("HttpClient renews a media path once less than a minute of its validity is left", () =>
  Effect.gen(function* () {
    // Nothing listens on the port, so only a path that needs no renewal gives a URL.
    const http = new FetchClient({ url: "http://127.0.0.1:1/", token: secret }, () => 1_000)
    const path = (expires: number) => `/v1/media/1/abc?expires=${expires}&signature=x`
    const fresh = yield* promised(() => http.freshMediaUrl(path(61_000), "x:1"))
    assert.strictEqual(fresh, `http://127.0.0.1:1${path(61_000)}`)
    yield* failure(() => http.freshMediaUrl(path(60_999), "x:1"))
  }),
)

it.live("HttpClient lists, creates and revokes tokens, and exchanges a code once", () =>
  Effect.gen(function* () {
    const { tokens, url } = yield* startServer()
    const http = httpClient({ url, token: secret })
    const token = yield* promised(() => http.createToken("screen", ["read"]))
    const created = (yield* promised(() => http.listTokens())).find(({ name }) => name === "screen")
    assert.deepInclude(created, { scopes: ["read"], expiresAt: null })
    const reader = httpClient({ url, token })
    yield* promised(() => reader.events())
    const forbidden = yield* failure(() => reader.listTokens())
    assert.deepInclude(forbidden, { code: "forbidden", retryable: false })
    assert.isString(forbidden.correlationId)
    yield* promised(() => http.revokeToken(created!.id))
    assert.strictEqual((yield* failure(() => reader.events())).code, "unauthenticated")
    assert.strictEqual((yield* failure(() => http.revokeToken(created!.id))).code, "not_found")
    assert.strictEqual((yield* failure(() => httpClient({ url }).redeemCode("used"))).code, "unauthenticated")
    assert.isDefined(tokens)
  }).pipe(Effect.scoped),
)

it.live("HttpClient rejects with the server's error of a command, a live view and an expired media URL", () =>
  Effect.gen(function* () {
    const { url } = yield* startServer()
    const http = httpClient({ url, token: secret })
    const unknown = yield* failure(() =>
      http.command({ name: "fly", target: { network: NetworkId.make(1) } }),
    )
    assert.strictEqual(unknown.code, "unsupported")
    const live = yield* failure(() => http.liveView({ account, kind: "camera", id: 1 as never }))
    assert.strictEqual(live.code, "not_found")
    const media = yield* failure(() => http.media("/v1/media/1/abc?expires=1&signature=x"))
    assert.strictEqual(media.code, "forbidden")
  }).pipe(Effect.scoped),
)

it.live("HttpClient.isReady needs no token, and is false until each account has been polled", () =>
  Effect.gen(function* () {
    const { url } = yield* startServer()
    assert.isFalse(yield* promised(() => httpClient({ url }).isReady()))
    const foreign = yield* foreignServer((_, response) => response.end("hello"))
    assert.strictEqual((yield* failure(() => httpClient(foreign).isReady())).code, "invalid_response")
  }).pipe(Effect.scoped),
)

it.live("HttpClient reports a body of another program as an invalid response", () =>
  Effect.gen(function* () {
    const bodies = ["<html>", "null", "[]", "{}", '{"events":[null],"previous":"a","next":"b","more":false}']
    let body = ""
    const foreign = yield* foreignServer((_, response) => response.end(body))
    for (body of bodies) {
      const error = yield* failure(() => httpClient(foreign).events())
      assert.deepInclude(error, { code: "invalid_response", retryable: false }, body)
    }
  }).pipe(Effect.scoped),
)

it.live(
  "HttpClient reports the status of an error without a body of this server, retryable from 500 on",
  () =>
    Effect.gen(function* () {
      let status = 0
      const foreign = yield* foreignServer((_, response) => response.writeHead(status).end("<html>"))
      for (status of [404, 502]) {
        const error = yield* failure(() => httpClient(foreign).state())
        assert.deepInclude(error, { code: "invalid_response", retryable: status >= 500 })
        assert.include(error.message, String(status))
      }
    }).pipe(Effect.scoped),
)

it.live("HttpClient reports a server that is not there, and a connection that breaks, as no response", () =>
  Effect.gen(function* () {
    const foreign = yield* foreignServer((_, response) => {
      response.writeHead(200, { "content-length": "100" })
      response.write("{", () => response.destroy())
    })
    const broken = yield* failure(() => httpClient(foreign).state())
    assert.deepInclude(broken, { code: "no_response", retryable: true })
    const absent = yield* failure(() => httpClient({ url: "http://127.0.0.1:1/" }).state())
    assert.deepInclude(absent, { code: "no_response", retryable: true })
  }).pipe(Effect.scoped),
)

it.live("HttpClient rejects with the reason of the caller's signal", () =>
  Effect.gen(function* () {
    const foreign = yield* foreignServer(() => controller.abort(reason))
    const controller = new AbortController()
    const reason = new Error("left")
    const { signal } = controller
    const error = yield* promised(() =>
      httpClient(foreign)
        .state({ signal })
        .then(
          () => null,
          (cause: unknown) => cause,
        ),
    )
    assert.strictEqual(error, reason)
  }).pipe(Effect.scoped),
)
