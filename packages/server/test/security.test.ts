import { Seq } from "@blink-streams/model"
import { assert, it } from "@effect/vitest"
import { Effect, Logger, Redacted, References } from "effect"
import { connect } from "node:net"
import type { Permissions } from "../src/Permissions.ts"
import { startCloud } from "./testCloud.ts"
import { TestClient } from "./TestClient.ts"
import {
  account,
  armed,
  cabinNetwork,
  hall,
  homeNetwork,
  motion,
  porch,
  secret,
  startServer,
  stateAt,
} from "./testServer.ts"

type House = Effect.Success<ReturnType<typeof startServer>>

const talk = <A>(conversation: () => PromiseLike<A>) => Effect.promise(conversation)

/** What an upgrade with these headers is answered with: the status line and everything after it. */
const upgrade = (port: number, headers: Readonly<Record<string, string>>, path = "/", host = "127.0.0.1") =>
  Effect.callback<string>((resume) => {
    let answer = ""
    const socket = connect({ port, host })
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1")
      if (answer.startsWith("HTTP/1.1 101")) socket.destroy()
    })
    socket.on("close", () => resume(Effect.succeed(answer)))
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

/** Such a number as a value of JSON; in a time or a signature it may stand by chance. */
const asValue = (id: number) => new RegExp(`[:[]${id}\\b`)

const readOnly: Permissions = { scopes: ["read"], accounts: null, networks: null, cameras: null }

const tokenFor = (house: House, permissions: Permissions) =>
  Effect.map(house.tokens.create({ name: "test", permissions }), ({ record, token }) => ({
    id: record.id,
    token: Redacted.value(token),
  }))

it.live("a page of another origin is refused before the upgrade; its own and allowed ones are not", () =>
  Effect.gen(function* () {
    const house = yield* startServer({ allowedOrigins: ["https://panel.example.org"] })
    assert.match(yield* upgrade(house.port, { Origin: "https://evil.example" }), /^HTTP\/1\.1 403 .*Origin/s)
    assert.match(yield* upgrade(house.port, { Origin: "null" }), /^HTTP\/1\.1 403/)
    assert.match(yield* upgrade(house.port, { Origin: "https://panel.example.org" }), /^HTTP\/1\.1 101/)
    assert.match(yield* upgrade(house.port, { Origin: `http://127.0.0.1:${house.port}` }), /^HTTP\/1\.1 101/)
    const plain = yield* talk(() => fetch(house.url, { headers: { origin: "https://evil.example" } }))
    assert.strictEqual(plain.status, 403)
  }).pipe(Effect.scoped),
)

it.live("a name that was pointed at this machine is refused", () =>
  Effect.gen(function* () {
    const house = yield* startServer({ allowedHosts: ["cameras.example.org"] })
    assert.match(yield* upgrade(house.port, { Host: "evil.example" }), /^HTTP\/1\.1 403 .*Host/s)
    assert.match(yield* upgrade(house.port, { Host: `evil.example:${house.port}` }), /^HTTP\/1\.1 403/)
    assert.match(yield* upgrade(house.port, { Host: "cameras.example.org" }), /^HTTP\/1\.1 101/)
    assert.match(yield* upgrade(house.port, { Host: "localhost:9999" }), /^HTTP\/1\.1 101/)
  }).pipe(Effect.scoped),
)

it.live("an address names itself, and only where the connection came in", () =>
  Effect.gen(function* () {
    const house = yield* startServer({ host: "0.0.0.0" })
    assert.match(yield* upgrade(house.port, { Host: "127.0.0.1" }), /^HTTP\/1\.1 101/)
    assert.match(yield* upgrade(house.port, { Host: "192.0.2.7" }), /^HTTP\/1\.1 403/)
    const elsewhere = yield* upgrade(house.port, { Host: "127.0.0.9" }, "/", "127.0.0.9")
    assert.match(elsewhere, /^HTTP\/1\.1 101/)
  }).pipe(Effect.scoped),
)

it.live("a page of an allowed origin may read answers and pictures; any other is refused", () =>
  Effect.gen(function* () {
    const origin = "https://panel.example.org"
    const house = yield* startServer({ allowedOrigins: [origin] })
    yield* house.log.append({ account, events: [motion(1)], state: stateAt(1) })
    const asked = yield* talk(() =>
      fetch(`${house.url}v1/state`, {
        method: "OPTIONS",
        headers: { origin, "access-control-request-headers": "authorization" },
      }),
    )
    assert.strictEqual(asked.status, 204)
    assert.include(asked.headers.get("access-control-allow-headers"), "authorization")
    const headers = { origin, authorization: `Bearer ${secret}` }
    const answer = yield* talk(() => fetch(`${house.url}v1/state`, { headers }))
    assert.strictEqual(answer.headers.get("access-control-allow-origin"), origin)
    const foreign = yield* talk(() =>
      fetch(`${house.url}v1/state`, { headers: { ...headers, origin: "https://evil.example" } }),
    )
    assert.strictEqual(foreign.status, 403)
    assert.isNull(foreign.headers.get("access-control-allow-origin"))
  }).pipe(Effect.scoped),
)

it.live("a secret in an address is refused, whatever it is called", () =>
  Effect.gen(function* () {
    const house = yield* startServer()
    for (const name of ["token", "access_token", "code"])
      assert.match(yield* upgrade(house.port, {}, `/?${name}=${secret}`), /^HTTP\/1\.1 400/)
    const answer = yield* talk(() => fetch(`${house.url}v1/state?token=${secret}`))
    assert.strictEqual(answer.status, 400)
  }).pipe(Effect.scoped),
)

it.live("no token in time, none at all, or a wrong one: 4401", () =>
  Effect.gen(function* () {
    const house = yield* startServer({ limits: { authDeadlineMs: 300 } })
    const late = new TestClient(house.socketUrl)
    assert.deepInclude(yield* talk(() => late.closed), { code: 4401 })
    const wrong = new TestClient(house.socketUrl)
    yield* talk(() => wrong.next("hello"))
    wrong.send({ type: "auth", id: "a", token: "wrong" })
    assert.deepInclude(yield* talk(() => wrong.closed), { code: 4401 })
    const header = new TestClient(house.socketUrl, "blink-streams.v1", {
      headers: { authorization: "Bearer wrong" },
    })
    assert.deepInclude(yield* talk(() => header.closed), { code: 4401 })
    assert.notInclude(JSON.stringify([late.received, wrong.received]), String(account))
  }).pipe(Effect.scoped),
)

it.live("a token in the header of the upgrade needs no message", () =>
  Effect.gen(function* () {
    const house = yield* startServer()
    const peer = new TestClient(house.socketUrl, "blink-streams.v1", {
      headers: { authorization: `Bearer ${secret}` },
    })
    const ready = yield* talk(() => peer.next("ready"))
    assert.isUndefined(ready.id)
    assert.isNull(peer.socket.extensions === "" ? null : peer.socket.extensions)
  }).pipe(Effect.scoped),
)

it.live("after too many wrong tokens an address is turned away unread", () =>
  Effect.gen(function* () {
    const house = yield* startServer({ limits: { failedAuthsPerMinute: 3 } })
    for (let tries = 0; tries < 3; tries++) {
      const answer = yield* talk(() =>
        fetch(`${house.url}v1/state`, { headers: { authorization: "Bearer no" } }),
      )
      assert.strictEqual(answer.status, 401)
    }
    const answer = yield* talk(() =>
      fetch(`${house.url}v1/state`, { headers: { authorization: `Bearer ${secret}` } }),
    )
    assert.strictEqual(answer.status, 429)
    assert.match(yield* upgrade(house.port, {}), /^HTTP\/1\.1 429/)
  }).pipe(Effect.scoped),
)

it.live("a revoked token is turned out at once and let in no more", () =>
  Effect.gen(function* () {
    const house = yield* startServer()
    const { id, token } = yield* tokenFor(house, readOnly)
    const peer = yield* talk(() => new TestClient(house.socketUrl).authenticate(token))
    const answer = yield* talk(() =>
      fetch(`${house.url}v1/tokens/${id}`, {
        method: "DELETE",
        headers: { authorization: `Bearer ${secret}` },
      }),
    )
    assert.strictEqual(answer.status, 204)
    assert.deepInclude(yield* talk(() => peer.closed), { code: 4403 })
    const again = new TestClient(house.socketUrl)
    yield* talk(() => again.next("hello"))
    again.send({ type: "auth", id: "a", token })
    assert.deepInclude(yield* talk(() => again.closed), { code: 4401 })
  }).pipe(Effect.scoped),
)

it.live("a token that expires takes its connections with it", () =>
  Effect.gen(function* () {
    const house = yield* startServer()
    const { token } = yield* house.tokens.create({ name: "brief", permissions: readOnly, lifetimeMs: 600 })
    const peer = yield* talk(() => new TestClient(house.socketUrl).authenticate(Redacted.value(token)))
    assert.deepInclude(yield* talk(() => peer.closed), { code: 4403 })
  }).pipe(Effect.scoped),
)

const moved = (number: number, from: typeof homeNetwork, to: typeof homeNetwork) => ({
  ...motion(number, porch, to),
  kind: "device.moved" as const,
  data: { from, to },
})

it.live("a camera that moves shows to nobody who may not see both networks", () =>
  Effect.gen(function* () {
    const house = yield* startServer()
    const { token } = yield* tokenFor(house, { ...readOnly, networks: [homeNetwork] })
    const peer = yield* talk(() => new TestClient(house.socketUrl).authenticate(token))
    peer.send({ type: "subscribe", id: "s", topics: ["*"] })
    yield* talk(() => peer.next("snapshot"))
    const events = [
      moved(1, cabinNetwork, homeNetwork),
      moved(2, homeNetwork, cabinNetwork),
      moved(3, homeNetwork, homeNetwork),
    ]
    yield* house.log.append({ account, events })
    assert.strictEqual((yield* talk(() => peer.next("event"))).seq, 3)
    assert.notMatch(JSON.stringify(peer.received), asValue(cabinNetwork))
  }).pipe(Effect.scoped),
)

it.live("a reader may neither command nor answer prompts nor make tokens", () =>
  Effect.gen(function* () {
    const house = yield* startServer()
    const { token } = yield* tokenFor(house, readOnly)
    const peer = yield* talk(() => new TestClient(house.socketUrl).authenticate(token))
    peer.send({ type: "command", id: "c", name: "arm", target: { network: homeNetwork } })
    assert.deepInclude((yield* talk(() => peer.next("error"))).error, { code: "forbidden" })
    peer.send({ type: "prompt.answer", id: "p", prompt: "x", value: "123456" })
    const refused = yield* talk(() => peer.next("error"))
    assert.deepInclude(refused.error, { code: "forbidden" })
    assert.notInclude(JSON.stringify(refused), "123456")
    const answer = yield* talk(() =>
      fetch(`${house.url}v1/tokens`, { headers: { authorization: `Bearer ${token}` } }),
    )
    assert.strictEqual(answer.status, 403)
  }).pipe(Effect.scoped),
)

it.live("a camera outside the token's list shows in no event, snapshot, state, page or stream", () =>
  Effect.gen(function* () {
    const house = yield* startServer()
    const past = [motion(1, hall, cabinNetwork), armed(2, "armed", cabinNetwork), motion(3)]
    yield* house.log.append({ account, events: past, state: stateAt(1) })
    const { token } = yield* tokenFor(house, {
      scopes: ["read", "control"],
      accounts: [account],
      networks: [homeNetwork],
      cameras: [{ kind: "camera", id: porch }],
    })
    const peer = yield* talk(() => new TestClient(house.socketUrl).authenticate(token))
    const since = { epoch: house.log.epoch, seq: Seq.make(0) }
    peer.send({ type: "subscribe", id: "s", topics: ["*"], since })
    yield* talk(() => peer.next("snapshot"))
    const future = [motion(4, hall, cabinNetwork), armed(5, "armed", cabinNetwork), motion(6)]
    yield* house.log.append({ account, events: future, state: stateAt(2) })
    const events = yield* talk(() => peer.nextMany("event", 2))
    assert.deepStrictEqual(
      events.map(({ seq }) => Number(seq)),
      [3, 6],
    )
    yield* talk(() => peer.next("state"))
    const headers = { authorization: `Bearer ${token}` }
    const bodies = yield* talk(() =>
      Promise.all(
        ["v1/state", "v1/events?after=0"].map(async (path) =>
          (await fetch(house.url + path, { headers })).text(),
        ),
      ),
    )
    const everything = JSON.stringify([peer.received, bodies])
    for (const hidden of ["Hall", "Cabin", `"id":${hall}`]) assert.notInclude(everything, hidden)
    assert.notMatch(everything, asValue(cabinNetwork))
    peer.send({ type: "command", id: "c", name: "arm", target: { network: cabinNetwork } })
    const refused = yield* talk(() => peer.next("result"))
    assert.deepInclude(refused.error, { code: "not_found" })
  }).pipe(Effect.scoped),
)

it.live("a message that is too big, and a compressed one, close the connection and nothing else", () =>
  Effect.gen(function* () {
    const house = yield* startServer({ limits: { maxMessageBytes: 1_000 } })
    const big = yield* talk(() => new TestClient(house.socketUrl).authenticate(secret))
    big.socket.send("x".repeat(2_000))
    const { code, reason } = yield* talk(() => big.closed)
    assert.strictEqual(code, 1009)
    assert.isNotEmpty(reason)
    // Compression is not agreed on, so a compressed frame breaks the protocol; nothing unpacks it.
    const answer = yield* upgrade(house.port, { "Sec-WebSocket-Extensions": "permessage-deflate" })
    assert.notMatch(answer, /permessage-deflate/)
    const other = yield* talk(() => new TestClient(house.socketUrl).authenticate(secret))
    assert.strictEqual(other.socket.readyState, other.socket.OPEN)
  }).pipe(Effect.scoped),
)

it.live("too many messages at once are closed with 4429, too many connections are refused", () =>
  Effect.gen(function* () {
    const house = yield* startServer({ limits: { maxPeersPerAddress: 3, messageBurst: 10 } })
    const peer = yield* talk(() => new TestClient(house.socketUrl).authenticate(secret))
    for (let sent = 0; sent < 40; sent++)
      peer.send({ type: "unsubscribe", id: `u${sent}`, subscription: "none" })
    assert.deepInclude(yield* talk(() => peer.closed), { code: 4429 })
    const held = [1, 2, 3].map(() => new TestClient(house.socketUrl))
    yield* talk(() => Promise.all(held.map((one) => one.next("hello"))))
    assert.match(yield* upgrade(house.port, {}), /^HTTP\/1\.1 429/)
    held[0]?.socket.terminate()
    yield* talk(() => held[0]!.closed)
    const answer = yield* Effect.repeat(upgrade(house.port, {}), {
      until: (text) => text.startsWith("HTTP/1.1 101"),
      times: 50,
    })
    assert.match(answer, /^HTTP\/1\.1 101/)
  }).pipe(Effect.scoped),
)

it.live("a client of another version is told which one is spoken", () =>
  Effect.gen(function* () {
    const house = yield* startServer()
    const peer = new TestClient(house.socketUrl, "blink-streams.v9")
    const { code, reason } = yield* talk(() => peer.closed)
    assert.strictEqual(code, 4409)
    assert.include(reason, "blink-streams.v1")
  }).pipe(Effect.scoped),
)

it.live("an address that others can reach needs a token to be there first", () =>
  Effect.gen(function* () {
    const refused = yield* Effect.flip(startServer({ host: "0.0.0.0" }, undefined, null))
    assert.strictEqual(refused.code, "TOKEN_NEEDED")
  }).pipe(Effect.scoped),
)

it.live("a one-time code is worth one token", () =>
  Effect.gen(function* () {
    const house = yield* startServer()
    const code = Redacted.value(yield* house.tokens.createCode())
    const redeem = () =>
      fetch(`${house.url}v1/session`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ code }),
      })
    const first = yield* talk(async () => (await (await redeem()).json()) as { token: string })
    yield* talk(() => new TestClient(house.socketUrl).authenticate(first.token))
    assert.strictEqual((yield* talk(redeem)).status, 401)
  }).pipe(Effect.scoped),
)

it.live("nothing secret is in metrics", () =>
  Effect.gen(function* () {
    const house = yield* startServer()
    yield* house.log.append({ account, events: [motion(1)], state: stateAt(1) })
    yield* talk(() => new TestClient(house.socketUrl).authenticate(secret))
    const text = yield* talk(async () => (await fetch(`${house.url}metrics`)).text())
    assert.include(text, "blink_streams_peers 1")
    for (const hidden of [secret, String(account), "Porch", "Home"]) assert.notInclude(text, hidden)
  }).pipe(Effect.scoped),
)

it.live("logs have the line of every correlation id, and nothing secret, however much is logged", () => {
  const lines: Array<string> = []
  const keep = Logger.make((entry) => void lines.push(Logger.formatJson.log(entry)))
  return Effect.gen(function* () {
    const house = yield* startCloud({ scenario: "quiet" })
    const code = Redacted.value(yield* house.tokens.createCode())
    const { token } = yield* tokenFor(house, readOnly)
    const typed = ["wrong-in-a-message", "wrong-in-a-header", "the-answer-to-a-prompt", code, token, secret]
    const [message, header, pin] = typed as [string, string, string]
    const unauthenticated = new TestClient(house.socketUrl)
    yield* talk(() => unauthenticated.next("hello"))
    unauthenticated.send({ type: "auth", id: "a", token: message })
    const refused = yield* talk(() => unauthenticated.next("error"))
    const peer = yield* talk(() => new TestClient(house.socketUrl).authenticate(secret))
    peer.send({ type: "prompt.answer", id: "p", prompt: "none", value: pin })
    const gone = yield* talk(() => peer.next("result"))
    peer.send({ type: "command", id: "c", name: "fly", args: { secret: pin } })
    const unknown = yield* talk(() => peer.next("result"))
    const answers = yield* talk(() =>
      Promise.all([
        fetch(`${house.url}v1/state`, { headers: { authorization: `Bearer ${header}` } }),
        fetch(`${house.url}v1/state?token=${token}`),
        fetch(`${house.url}v1/tokens`, { headers: { authorization: `Bearer ${token}` } }),
        fetch(`${house.url}v1/session`, { method: "POST", body: JSON.stringify({ code }) }),
        fetch(`${house.url}v1/session`, { method: "POST", body: JSON.stringify({ code }) }),
        fetch(`${house.url}v1/session`, { method: "POST", body: `{"code": ${code}` }),
        fetch(`${house.url}metrics`),
      ]),
    )
    const texts = yield* talk(() => Promise.all(answers.map((answer) => answer.text())))
    const told = texts.flatMap((text) => /"correlationId":"(\w+)"/.exec(text)?.[1] ?? [])
    const ids = [refused.error, gone.error, unknown.error].flatMap((error) => error?.correlationId ?? [])
    assert.lengthOf([...told, ...ids], 7)
    for (const id of [...told, ...ids]) assert.isTrue(lines.some((line) => line.includes(id)))
    const { email, password } = house.cloud.account
    const shown = [...lines, ...texts.filter((text) => !text.startsWith('{"token"'))].join("\n")
    for (const hidden of [...typed, password, house.cloud.account.pin, email])
      assert.notInclude(shown, hidden)
    assert.notMatch(texts.at(-1)!, new RegExp(`${account}|Porch`))
  }).pipe(
    Effect.scoped,
    Effect.provide(Logger.layer([keep])),
    Effect.provideService(References.MinimumLogLevel, "All"),
  )
})

it.live(
  "10,000 attempts to connect are turned away without harm to those who are in",
  () =>
    Effect.gen(function* () {
      const house = yield* startServer({ limits: { maxPeersPerAddress: 2 } })
      const peer = yield* talk(() => new TestClient(house.socketUrl).authenticate(secret))
      peer.send({ type: "subscribe", id: "s", topics: ["*"] })
      yield* talk(() => peer.next("snapshot"))
      const answers = yield* Effect.forEach(
        Array.from({ length: 10_000 }, (_, index) => index),
        (index) =>
          upgrade(
            house.port,
            index % 2 === 0 ? { Origin: "https://evil.example" } : { Host: "evil.example" },
          ),
        { concurrency: 100 },
      )
      assert.isTrue(answers.every((answer) => answer.startsWith("HTTP/1.1 403")))
      yield* house.log.append({ account, events: [motion(1)] })
      assert.strictEqual((yield* talk(() => peer.next("event"))).seq, 1)
    }).pipe(Effect.scoped),
  // Room for a slow machine.
  120_000,
)
