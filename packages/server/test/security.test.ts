import { assert, it } from "@effect/vitest"
import { Effect, Logger, Redacted, References } from "effect"
import { TestClock } from "effect/testing"
import { connect } from "node:net"
import type { Permissions } from "../src/Permissions.ts"
import { errorOf, TestClient } from "./TestClient.ts"
import { startCloud } from "./testCloud.ts"
import {
  account,
  armed,
  cabinNetwork,
  cursorAt,
  hall,
  homeNetwork,
  motion,
  porch,
  secret,
  startServer,
  stateAt,
} from "./testServer.ts"

type TestServer = Effect.Success<ReturnType<typeof startServer>>

const promised = <A>(promise: () => PromiseLike<A>) => Effect.promise(promise)

/** Sends an upgrade request. Returns the status line and everything after it. */
const upgrade = (port: number, headers: Readonly<Record<string, string>>, path = "/", host = "127.0.0.1") =>
  Effect.callback<string>((resume) => {
    let response = ""
    const socket = connect({ port, host })
    socket.on("data", (chunk) => {
      response += chunk.toString("latin1")
      if (response.startsWith("HTTP/1.1 101")) socket.destroy()
    })
    socket.on("close", () => resume(Effect.succeed(response)))
    const all = {
      Host: `127.0.0.1:${port}`,
      Connection: "Upgrade",
      Upgrade: "websocket",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
      ...headers,
    }
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
    socket.write([`GET ${path} HTTP/1.1`, ...lines, "", ""].join("\r\n"))
  })

/** Pattern for an id as a JSON value; in a time or signature the digits may occur by chance. */
const asValue = (id: number) => new RegExp(`[:[]${id}\\b`)

const readOnly: Permissions = { scopes: ["read"], accounts: null, networks: null, cameras: null }

const tokenFor = (testServer: TestServer, permissions: Permissions) =>
  Effect.map(testServer.tokens.create({ name: "test", permissions }), ({ record, token }) => ({
    id: record.id,
    token: Redacted.value(token),
  }))

it.live(
  "A page of another origin is closed with 4406 and receives nothing; the server's own and allowed origins are accepted",
  () =>
    Effect.gen(function* () {
      const testServer = yield* startServer({ allowedOrigins: ["https://panel.example.org"] })
      for (const origin of ["https://evil.example", "http://127.0.0.1:8000", "null"]) {
        const headers = { origin, authorization: `Bearer ${secret}` }
        const refused = new TestClient(testServer.socketUrl, "blink-streams.v1", { headers })
        const { code, reason } = yield* promised(() => refused.closed)
        assert.deepStrictEqual([code, refused.received], [4406, []], origin)
        assert.include(reason, "Origin")
      }
      assert.match(
        yield* upgrade(testServer.port, { Origin: "https://panel.example.org" }),
        /^HTTP\/1\.1 101/,
      )
      assert.match(
        yield* upgrade(testServer.port, { Origin: `http://127.0.0.1:${testServer.port}` }),
        /^HTTP\/1\.1 101/,
      )
      const plain = yield* promised(() =>
        fetch(testServer.url, { headers: { origin: "https://evil.example" } }),
      )
      assert.strictEqual(plain.status, 403)
    }).pipe(Effect.scoped),
)

it.live("`loopback` allows the pages of this machine on any port, and no others", () =>
  Effect.gen(function* () {
    const { port } = yield* startServer({ allowedOrigins: ["loopback"] })
    for (const [origin, status] of [
      ["http://localhost:8000", 200],
      ["http://127.0.0.1:5173", 200],
      ["https://[::1]:3000", 200],
      ["http://localhost.evil.example", 403],
      ["http://127.0.0.1.evil.example", 403],
      ["null", 403],
      ["loopback", 403],
    ] as const) {
      const response = yield* promised(() =>
        fetch(`http://127.0.0.1:${port}/healthz`, { headers: { origin } }),
      )
      assert.strictEqual(response.status, status, origin)
    }
  }).pipe(Effect.scoped),
)

it.live("A refused origin is logged once, with the flag that allows it", () => {
  const lines: Array<string> = []
  const keep = Logger.make(({ logLevel, message }) => void lines.push(`${logLevel} ${String(message)}`))
  return Effect.gen(function* () {
    const { port } = yield* startServer()
    const request = (origin: string) =>
      promised(() => fetch(`http://127.0.0.1:${port}/healthz`, { headers: { origin } }))
    for (const origin of ["http://localhost:8000", "https://evil.example", "http://localhost:8000"])
      yield* request(origin)
    yield* upgrade(port, { Origin: "http://localhost:8000" })
    assert.deepStrictEqual(
      lines
        .filter((line) => line.includes("--allow-origin"))
        .map((line) => line.split(" ").slice(0, 6).join(" ")),
      ["Warn a web page of http://localhost:8000", "Warn a web page of https://evil.example"],
    )
    assert.include(lines.join(), "--allow-origin http://localhost:8000 ")
    for (let number = 0; number < 300; number++) yield* request(`http://localhost:${number}`)
    assert.isAtMost(lines.length, 110)
  }).pipe(Effect.scoped, Effect.provide(Logger.layer([keep])))
})

it.live("A host name that is not allowed is rejected, which prevents DNS rebinding", () =>
  Effect.gen(function* () {
    const testServer = yield* startServer({ allowedHosts: ["cameras.example.org"] })
    assert.match(yield* upgrade(testServer.port, { Host: "evil.example" }), /^HTTP\/1\.1 403 .*Host/s)
    assert.match(
      yield* upgrade(testServer.port, { Host: `evil.example:${testServer.port}` }),
      /^HTTP\/1\.1 403/,
    )
    assert.match(yield* upgrade(testServer.port, { Host: "cameras.example.org" }), /^HTTP\/1\.1 101/)
    assert.match(yield* upgrade(testServer.port, { Host: "localhost:9999" }), /^HTTP\/1\.1 101/)
  }).pipe(Effect.scoped),
)

it.live("An IP address is accepted as host only when the connection came in on it", () =>
  Effect.gen(function* () {
    const testServer = yield* startServer({ host: "0.0.0.0" })
    assert.match(yield* upgrade(testServer.port, { Host: "127.0.0.1" }), /^HTTP\/1\.1 101/)
    assert.match(yield* upgrade(testServer.port, { Host: "192.0.2.7" }), /^HTTP\/1\.1 403/)
    const elsewhere = yield* upgrade(testServer.port, { Host: "127.0.0.9" }, "/", "127.0.0.9")
    assert.match(elsewhere, /^HTTP\/1\.1 101/)
  }).pipe(Effect.scoped),
)

it.live("A page of an allowed origin may read responses; any other origin is rejected", () =>
  Effect.gen(function* () {
    const origin = "https://panel.example.org"
    const testServer = yield* startServer({ allowedOrigins: [origin] })
    yield* testServer.log.append({ account, events: [motion(1)], state: stateAt(1) })
    const preflight = yield* promised(() =>
      fetch(`${testServer.url}v1/state`, {
        method: "OPTIONS",
        headers: { origin, "access-control-request-headers": "authorization" },
      }),
    )
    assert.strictEqual(preflight.status, 204)
    assert.include(preflight.headers.get("access-control-allow-headers"), "authorization")
    const headers = { origin, authorization: `Bearer ${secret}` }
    const response = yield* promised(() => fetch(`${testServer.url}v1/state`, { headers }))
    assert.strictEqual(response.headers.get("access-control-allow-origin"), origin)
    const foreign = yield* promised(() =>
      fetch(`${testServer.url}v1/state`, { headers: { ...headers, origin: "https://evil.example" } }),
    )
    assert.strictEqual(foreign.status, 403)
    assert.isNull(foreign.headers.get("access-control-allow-origin"))
  }).pipe(Effect.scoped),
)

it.live("A secret in a URL is rejected, under any parameter name", () =>
  Effect.gen(function* () {
    const testServer = yield* startServer()
    for (const name of ["token", "access_token", "code"])
      assert.match(yield* upgrade(testServer.port, {}, `/?${name}=${secret}`), /^HTTP\/1\.1 400/)
    const response = yield* promised(() => fetch(`${testServer.url}v1/state?token=${secret}`))
    assert.strictEqual(response.status, 400)
  }).pipe(Effect.scoped),
)

it.effect("A missing or wrong token closes with 4401", () =>
  Effect.gen(function* () {
    const testServer = yield* startServer()
    const late = new TestClient(testServer.socketUrl)
    yield* promised(() => late.next("hello"))
    yield* TestClock.adjust("5250 millis")
    assert.deepInclude(yield* promised(() => late.closed), { code: 4401 })
    const wrong = new TestClient(testServer.socketUrl)
    yield* promised(() => wrong.next("hello"))
    wrong.send({ type: "auth", id: "a", token: "wrong" })
    assert.deepInclude(yield* promised(() => wrong.closed), { code: 4401 })
    const header = new TestClient(testServer.socketUrl, "blink-streams.v1", {
      headers: { authorization: "Bearer wrong" },
    })
    assert.deepInclude(yield* promised(() => header.closed), { code: 4401 })
    assert.notInclude(JSON.stringify([late.received, wrong.received]), String(account))
  }).pipe(Effect.scoped),
)

it.live("A token in the upgrade request needs no `auth` message", () =>
  Effect.gen(function* () {
    const testServer = yield* startServer()
    const peer = new TestClient(testServer.socketUrl, "blink-streams.v1", {
      headers: { authorization: `Bearer ${secret}` },
    })
    const ready = yield* promised(() => peer.next("ready"))
    assert.isUndefined(ready.id)
    assert.isNull(peer.socket.extensions === "" ? null : peer.socket.extensions)
  }).pipe(Effect.scoped),
)

it.live("An address is rejected with 429 after too many wrong tokens", () =>
  Effect.gen(function* () {
    const testServer = yield* startServer({ limits: { failedAuthsPerMinute: 3 } })
    for (let tries = 0; tries < 3; tries++) {
      const response = yield* promised(() =>
        fetch(`${testServer.url}v1/state`, { headers: { authorization: "Bearer no" } }),
      )
      assert.strictEqual(response.status, 401)
    }
    const response = yield* promised(() =>
      fetch(`${testServer.url}v1/state`, { headers: { authorization: `Bearer ${secret}` } }),
    )
    assert.strictEqual(response.status, 429)
    assert.match(yield* upgrade(testServer.port, {}), /^HTTP\/1\.1 429/)
  }).pipe(Effect.scoped),
)

it.live("A revoked token disconnects its peers and is not accepted again", () =>
  Effect.gen(function* () {
    const testServer = yield* startServer()
    const { id, token } = yield* tokenFor(testServer, readOnly)
    const peer = yield* promised(() => new TestClient(testServer.socketUrl).authenticate(token))
    const response = yield* promised(() =>
      fetch(`${testServer.url}v1/tokens/${id}`, {
        method: "DELETE",
        headers: { authorization: `Bearer ${secret}` },
      }),
    )
    assert.strictEqual(response.status, 204)
    assert.deepInclude(yield* promised(() => peer.closed), { code: 4403 })
    const again = new TestClient(testServer.socketUrl)
    yield* promised(() => again.next("hello"))
    again.send({ type: "auth", id: "a", token })
    assert.deepInclude(yield* promised(() => again.closed), { code: 4401 })
  }).pipe(Effect.scoped),
)

it.effect("A token that expires disconnects its peers", () =>
  Effect.gen(function* () {
    const testServer = yield* startServer()
    const { token } = yield* testServer.tokens.create({
      name: "brief",
      permissions: readOnly,
      lifetimeMs: 60_000,
    })
    const peer = yield* promised(() =>
      new TestClient(testServer.socketUrl).authenticate(Redacted.value(token)),
    )
    yield* TestClock.adjust("1 minute")
    assert.deepInclude(yield* promised(() => peer.closed), { code: 4403 })
  }).pipe(Effect.scoped),
)

const moved = (number: number, from: typeof homeNetwork, to: typeof homeNetwork) => ({
  ...motion(number, porch, to),
  kind: "device.moved" as const,
  data: { from, to },
})

it.live("The move of a camera is visible only to tokens that may see both networks", () =>
  Effect.gen(function* () {
    const testServer = yield* startServer()
    const { token } = yield* tokenFor(testServer, { ...readOnly, networks: [homeNetwork] })
    const peer = yield* promised(() => new TestClient(testServer.socketUrl).authenticate(token))
    peer.send({ type: "subscribe", id: "s", topics: ["*"] })
    yield* promised(() => peer.next("snapshot"))
    const events = [
      moved(1, cabinNetwork, homeNetwork),
      moved(2, homeNetwork, cabinNetwork),
      moved(3, homeNetwork, homeNetwork),
    ]
    yield* testServer.log.append({ account, events })
    assert.strictEqual((yield* promised(() => peer.next("event"))).seq, 3)
    assert.notMatch(JSON.stringify(peer.received), asValue(cabinNetwork))
  }).pipe(Effect.scoped),
)

it.live("A token with scope `read` may not send commands, submit prompts or list tokens", () =>
  Effect.gen(function* () {
    const testServer = yield* startServer()
    const { token } = yield* tokenFor(testServer, readOnly)
    const peer = yield* promised(() => new TestClient(testServer.socketUrl).authenticate(token))
    peer.send({ type: "command", id: "c", name: "arm", target: { network: homeNetwork } })
    assert.deepInclude((yield* promised(() => peer.next("error"))).error, { code: "forbidden" })
    peer.send({ type: "prompt.submit", id: "p", prompt: "x", value: "123456" })
    const rejected = yield* promised(() => peer.next("error"))
    assert.deepInclude(rejected.error, { code: "forbidden" })
    assert.notInclude(JSON.stringify(rejected), "123456")
    const response = yield* promised(() =>
      fetch(`${testServer.url}v1/tokens`, { headers: { authorization: `Bearer ${token}` } }),
    )
    assert.strictEqual(response.status, 403)
  }).pipe(Effect.scoped),
)

it.live("A camera outside the token's lists appears in no event, snapshot, state or page", () =>
  Effect.gen(function* () {
    const testServer = yield* startServer()
    const past = [motion(1, hall, cabinNetwork), armed(2, "armed", cabinNetwork), motion(3)]
    yield* testServer.log.append({ account, events: past, state: stateAt(1) })
    const { token } = yield* tokenFor(testServer, {
      scopes: ["read", "control"],
      accounts: [account],
      networks: [homeNetwork],
      cameras: [{ kind: "camera", id: porch }],
    })
    const peer = yield* promised(() => new TestClient(testServer.socketUrl).authenticate(token))
    const since = cursorAt(testServer.log, 0)
    peer.send({ type: "subscribe", id: "s", topics: ["*"], since })
    yield* promised(() => peer.next("snapshot"))
    const future = [motion(4, hall, cabinNetwork), armed(5, "armed", cabinNetwork), motion(6)]
    yield* testServer.log.append({ account, events: future, state: stateAt(2) })
    const events = yield* promised(() => peer.nextMany("event", 2))
    assert.deepStrictEqual(
      events.map(({ seq }) => Number(seq)),
      [3, 6],
    )
    yield* promised(() => peer.next("state"))
    const headers = { authorization: `Bearer ${token}` }
    const bodies = yield* promised(() =>
      Promise.all(
        ["v1/state", `v1/events?since=${since}`, "v1/events?limit=100"].map(async (path) =>
          (await fetch(testServer.url + path, { headers })).text(),
        ),
      ),
    )
    const everything = JSON.stringify([peer.received, bodies])
    for (const hidden of ["Hall", "Cabin", `"id":${hall}`]) assert.notInclude(everything, hidden)
    assert.notMatch(everything, asValue(cabinNetwork))
    peer.send({ type: "command", id: "c", name: "arm", target: { network: cabinNetwork } })
    const rejected = yield* promised(() => peer.next("result"))
    assert.deepInclude(errorOf(rejected), { code: "not_found" })
  }).pipe(Effect.scoped),
)

it.live("A message that is too big closes only its own connection, and compression is never negotiated", () =>
  Effect.gen(function* () {
    const testServer = yield* startServer({ limits: { maxMessageBytes: 1_000 } })
    const big = yield* promised(() => new TestClient(testServer.socketUrl).authenticate(secret))
    big.socket.send("x".repeat(2_000))
    const { code, reason } = yield* promised(() => big.closed)
    assert.strictEqual(code, 1009)
    assert.isNotEmpty(reason)
    // Compression is not negotiated, so a compressed frame is a protocol error and is never unpacked.
    const response = yield* upgrade(testServer.port, { "Sec-WebSocket-Extensions": "permessage-deflate" })
    assert.notMatch(response, /permessage-deflate/)
    const other = yield* promised(() => new TestClient(testServer.socketUrl).authenticate(secret))
    assert.strictEqual(other.socket.readyState, other.socket.OPEN)
  }).pipe(Effect.scoped),
)

it.live("Too many messages close with 4429, and too many connections are rejected with 429", () =>
  Effect.gen(function* () {
    const testServer = yield* startServer({ limits: { maxPeersPerAddress: 3, messageBurst: 10 } })
    const peer = yield* promised(() => new TestClient(testServer.socketUrl).authenticate(secret))
    for (let sent = 0; sent < 40; sent++)
      peer.send({ type: "unsubscribe", id: `u${sent}`, subscription: "none" })
    assert.deepInclude(yield* promised(() => peer.closed), { code: 4429 })
    const held = [1, 2, 3].map(() => new TestClient(testServer.socketUrl))
    yield* promised(() => Promise.all(held.map((one) => one.next("hello"))))
    assert.match(yield* upgrade(testServer.port, {}), /^HTTP\/1\.1 429/)
    held[0]?.socket.terminate()
    yield* promised(() => held[0]!.closed)
    const response = yield* Effect.repeat(upgrade(testServer.port, {}), {
      until: (text) => text.startsWith("HTTP/1.1 101"),
      times: 50,
    })
    assert.match(response, /^HTTP\/1\.1 101/)
  }).pipe(Effect.scoped),
)

it.live("A client of another protocol version is closed with 4409 and the supported version as reason", () =>
  Effect.gen(function* () {
    const testServer = yield* startServer()
    const peer = new TestClient(testServer.socketUrl, "blink-streams.v9")
    const { code, reason } = yield* promised(() => peer.closed)
    assert.strictEqual(code, 4409)
    assert.include(reason, "blink-streams.v1")
  }).pipe(Effect.scoped),
)

it.live("Listening beyond loopback requires that a token exists", () =>
  Effect.gen(function* () {
    const rejected = yield* Effect.flip(startServer({ host: "0.0.0.0" }, undefined, null))
    assert.strictEqual(rejected.code, "TOKEN_NEEDED")
  }).pipe(Effect.scoped),
)

it.live("A one-time code can be exchanged for one token", () =>
  Effect.gen(function* () {
    const testServer = yield* startServer()
    const code = Redacted.value(yield* testServer.tokens.createCode())
    const redeem = () =>
      fetch(`${testServer.url}v1/session`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ code }),
      })
    const first = yield* promised(async () => (await (await redeem()).json()) as { token: string })
    yield* promised(() => new TestClient(testServer.socketUrl).authenticate(first.token))
    assert.strictEqual((yield* promised(redeem)).status, 401)
  }).pipe(Effect.scoped),
)

it.live("Metrics contain no token, account id or name", () =>
  Effect.gen(function* () {
    const testServer = yield* startServer()
    yield* testServer.log.append({ account, events: [motion(1)], state: stateAt(1) })
    yield* promised(() => new TestClient(testServer.socketUrl).authenticate(secret))
    const text = yield* promised(async () => (await fetch(`${testServer.url}metrics`)).text())
    assert.include(text, "blink_streams_peers 1")
    for (const hidden of [secret, String(account), "Porch", "Home"]) assert.notInclude(text, hidden)
  }).pipe(Effect.scoped),
)

it.live("Logs contain every correlation id and no secrets, at every log level", () => {
  const lines: Array<string> = []
  const keep = Logger.make((entry) => void lines.push(Logger.formatJson.log(entry)))
  return Effect.gen(function* () {
    const testServer = yield* startCloud({ scenario: "quiet" })
    const code = Redacted.value(yield* testServer.tokens.createCode())
    const { token } = yield* tokenFor(testServer, readOnly)
    const typed = ["wrong-in-a-message", "wrong-in-a-header", "the-value-of-a-prompt", code, token, secret]
    const [message, header, pin] = typed as [string, string, string]
    const unauthenticated = new TestClient(testServer.socketUrl)
    yield* promised(() => unauthenticated.next("hello"))
    unauthenticated.send({ type: "auth", id: "a", token: message })
    const rejected = yield* promised(() => unauthenticated.next("error"))
    const peer = yield* promised(() => new TestClient(testServer.socketUrl).authenticate(secret))
    peer.send({ type: "prompt.submit", id: "p", prompt: "none", value: pin })
    const gone = yield* promised(() => peer.next("result"))
    peer.send({ type: "command", id: "c", name: "fly", args: { secret: pin } })
    const unknown = yield* promised(() => peer.next("result"))
    const responses = yield* promised(() =>
      Promise.all([
        fetch(`${testServer.url}v1/state`, { headers: { authorization: `Bearer ${header}` } }),
        fetch(`${testServer.url}v1/state?token=${token}`),
        fetch(`${testServer.url}v1/tokens`, { headers: { authorization: `Bearer ${token}` } }),
        fetch(`${testServer.url}v1/session`, { method: "POST", body: JSON.stringify({ code }) }),
        fetch(`${testServer.url}v1/session`, { method: "POST", body: JSON.stringify({ code }) }),
        fetch(`${testServer.url}v1/session`, { method: "POST", body: `{"code": ${code}` }),
        fetch(`${testServer.url}metrics`),
      ]),
    )
    const texts = yield* promised(() => Promise.all(responses.map((response) => response.text())))
    const responseIds = texts.flatMap((text) => /"correlationId":"(\w+)"/.exec(text)?.[1] ?? [])
    const ids = [rejected.error, errorOf(gone), errorOf(unknown)].flatMap(
      (error) => error?.correlationId ?? [],
    )
    assert.lengthOf([...responseIds, ...ids], 7)
    for (const id of [...responseIds, ...ids]) assert.isTrue(lines.some((line) => line.includes(id)))
    const { email, password } = testServer.cloud.account
    const shown = [...lines, ...texts.filter((text) => !text.startsWith('{"token"'))].join("\n")
    for (const hidden of [...typed, password, testServer.cloud.account.pin, email])
      assert.notInclude(shown, hidden)
    assert.notMatch(texts.at(-1)!, new RegExp(`${account}|Porch`))
  }).pipe(
    Effect.scoped,
    Effect.provide(Logger.layer([keep])),
    Effect.provideService(References.MinimumLogLevel, "All"),
  )
})

it.live(
  "10,000 rejected connection attempts do not affect connected peers",
  () =>
    Effect.gen(function* () {
      const testServer = yield* startServer({ limits: { maxPeersPerAddress: 2 } })
      const peer = yield* promised(() => new TestClient(testServer.socketUrl).authenticate(secret))
      peer.send({ type: "subscribe", id: "s", topics: ["*"] })
      yield* promised(() => peer.next("snapshot"))
      const responses = yield* Effect.forEach(
        Array.from({ length: 10_000 }, (_, index) => index),
        (index) =>
          upgrade(
            testServer.port,
            index % 2 === 0 ? { Origin: "https://evil.example" } : { Host: "evil.example" },
          ),
        { concurrency: 100 },
      )
      // Of a page of another origin, the first few are upgraded and closed with a reason.
      assert.isTrue(responses.every((response) => /^HTTP\/1\.1 (?:403|101)/.test(response)))
      yield* promised(() => new TestClient(testServer.socketUrl).authenticate(secret))
      yield* testServer.log.append({ account, events: [motion(1)] })
      assert.strictEqual((yield* promised(() => peer.next("event"))).seq, 1)
    }).pipe(Effect.scoped),
  // Allows for a slow machine.
  120_000,
)
