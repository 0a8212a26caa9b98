import type { ClientEventsOptions } from "../src/index.ts"
import { ConnectionError, RequestError } from "../src/index.ts"
import { assert, it } from "@effect/vitest"
import { getEventListeners } from "node:events"
import { WebSocketClient } from "../src/internal/WebSocketClient.ts"
import { FakePlatform } from "./FakePlatform.ts"

/** A client that is live at position 10 of the log `e`. */
const start = async () => {
  const platform = new FakePlatform()
  const client = new WebSocketClient({ url: "ws://127.0.0.1:25465/", token: "t" }, platform)
  await platform.socket.completeHandshake(10)
  return { platform, client }
}

const iterate = (client: WebSocketClient, options?: ClientEventsOptions) =>
  client.events(options)[Symbol.asyncIterator]()

const cursorOf = async (read: Promise<IteratorResult<{ readonly cursor: string }>>) => {
  const { value } = await read
  return value === undefined ? null : String(value.cursor)
}

const errorOf = (read: Promise<unknown>) =>
  read.then(
    () => null,
    (error: unknown) => error,
  )

it("Each iteration has a subscription of its own that begins with the call of events", async () => {
  const { platform, client } = await start()
  const events = client.events({ kinds: ["motion"] })
  const { id, ...request } = platform.socket.lastSubscribe!
  assert.deepStrictEqual(request, {
    type: "subscribe",
    topics: ["*"],
    filter: { kinds: ["motion", "gap"] },
    snapshot: "none",
    since: "e:10",
  })
  assert.notStrictEqual(id, "s")
  platform.socket.sendSubscribed(10)
  platform.socket.sendEvent(11)
  const iterator = events[Symbol.asyncIterator]()
  assert.strictEqual(await cursorOf(iterator.next()), "e:11", "an event from before the loop is buffered")
  await iterator.return?.()
  assert.deepInclude(platform.socket.sent.at(-1), { type: "unsubscribe", subscription: id })
  iterate(client)
  assert.notInclude([id, "s"], platform.socket.lastSubscribe?.["id"])
})

it("An iteration is narrowed to the topics and the filter of the connection", async () => {
  const platform = new FakePlatform()
  const filter = { accounts: [7 as never], kinds: ["clip.*", "motion"] }
  const client = new WebSocketClient({ url: "ws://x/", token: "t", topics: ["clip"], filter }, platform)
  await platform.socket.completeHandshake(1)
  iterate(client, { kinds: ["clip.added", "arm.changed"] })
  assert.deepInclude(platform.socket.lastSubscribe, {
    topics: ["clip"],
    filter: { accounts: [7], kinds: ["clip.added", "gap"] },
  })
  iterate(client)
  assert.deepInclude(platform.socket.lastSubscribe, { topics: ["clip"], filter })
})

it("An iteration from the beginning includes backfilled events, also when it continues at a cursor", async () => {
  const { platform, client } = await start()
  const iterator = iterate(client, { since: "beginning" })
  assert.deepInclude(platform.socket.lastSubscribe, { since: "beginning", filter: { backfilled: true } })
  platform.socket.sendSubscribed(10, 10)
  const read = iterator.next()
  platform.socket.sendEvent(1)
  await read
  platform.socket.disconnect()
  platform.advance(1_000)
  await platform.socket.completeHandshake(12)
  assert.deepInclude(platform.socket.lastSubscribe, { since: "e:1", filter: { backfilled: true } })
  iterate(client, { since: "beginning", backfilled: false })
  assert.deepInclude(platform.socket.lastSubscribe, { filter: { backfilled: false } })
  iterate(client, { since: new Date("2026-11-24T08:00:00+01:00") })
  assert.deepInclude(platform.socket.lastSubscribe, { since: "2026-11-24T07:00:00.000Z" })
  assert.throws(() => client.events({ since: new Date(Number.NaN) }), RangeError)
})

it("An iteration whose buffer is full ends its subscription and continues after the last buffered event", async () => {
  const { platform, client } = await start()
  const iterator = iterate(client)
  platform.socket.sendSubscribed(10)
  for (let seq = 11; seq <= 1_500; seq++) platform.socket.sendEvent(seq)
  assert.lengthOf(platform.socket.subscriptions, 0)
  for (let seq = 11; seq <= 1_010; seq++) assert.strictEqual(await cursorOf(iterator.next()), `e:${seq}`)
  assert.lengthOf(platform.socket.subscriptions, 0)
  const next = iterator.next()
  assert.strictEqual(client.cursor, "e:1010")
  platform.advance(250)
  assert.deepInclude(platform.socket.lastSubscribe, { since: "e:1010" })
  platform.socket.sendSubscribed(1_500, 490)
  platform.socket.sendEvent(1_011)
  assert.strictEqual(await cursorOf(next), "e:1011")
})

it("An iteration whose buffer is full keeps it when the connection is lost, and subscribes once it was read", async () => {
  const { platform, client } = await start()
  const iterator = iterate(client)
  platform.socket.sendSubscribed(10)
  for (let seq = 11; seq <= 1_500; seq++) platform.socket.sendEvent(seq)
  platform.socket.disconnect()
  platform.advance(1_000)
  await platform.socket.completeHandshake(1_500)
  assert.lengthOf(platform.socket.subscriptions, 0)
  for (let seq = 11; seq <= 1_010; seq++) assert.strictEqual(await cursorOf(iterator.next()), `e:${seq}`)
  void iterator.next()
  assert.deepInclude(platform.socket.lastSubscribe, { since: "e:1010" })
})

it("A gap is an event of the iteration, whatever its kinds, and the position moves past it", async () => {
  const { platform, client } = await start()
  const iterator = iterate(client, { since: "another:7", kinds: ["motion"] })
  platform.socket.sendGap(10)
  assert.strictEqual(client.cursor, "another:7")
  const { value } = await iterator.next()
  assert.deepInclude(value, { kind: "gap", source: "log", cursor: "e:10", replayed: false })
  assert.deepInclude(value?.data, { source: "log", reason: "cursor_expired" })
  assert.strictEqual(client.cursor, "another:7")
  void iterator.next()
  assert.strictEqual(client.cursor, "e:10")
})

it("The cursor is the position of the event whose successor was asked for", async () => {
  const { platform, client } = await start()
  const iterator = iterate(client)
  platform.socket.sendSubscribed(10)
  assert.strictEqual(client.cursor, "e:10")
  for (const seq of [11, 12, 13]) platform.socket.sendEvent(seq)
  assert.strictEqual(client.cursor, "e:10", "received is not handled")
  await iterator.next()
  assert.strictEqual(client.cursor, "e:10")
  await iterator.next()
  assert.strictEqual(client.cursor, "e:11")
  await iterator.return?.()
  assert.strictEqual(client.cursor, "e:11", "the event in hand is not handled")
  platform.socket.sendEvent(14)
  platform.socket.sendHeartbeat(14)
  assert.strictEqual(client.cursor, "e:11")
})

it("The cursor of an iteration that begins at a text is that text until the first event is handled", async () => {
  const { platform, client } = await start()
  const iterator = iterate(client, { since: "beginning" })
  assert.strictEqual(client.cursor, "beginning")
  platform.socket.sendSubscribed(10, 10)
  assert.strictEqual(client.cursor, "beginning")
  platform.socket.sendEvent(3)
  await iterator.next()
  assert.strictEqual(client.cursor, "beginning")
  void iterator.next()
  assert.strictEqual(client.cursor, "e:3")
})

it("A heartbeat moves the cursor of an iteration of rare kinds, and the position after a reconnect", async () => {
  const { platform, client } = await start()
  const iterator = iterate(client, { kinds: ["battery.changed"] })
  platform.socket.sendHeartbeat(15)
  assert.strictEqual(client.cursor, "e:10", "the subscription may not cover this heartbeat")
  platform.socket.sendSubscribed(20, 10)
  platform.socket.sendHeartbeat(20)
  assert.strictEqual(client.cursor, "e:20")
  const read = iterator.next()
  platform.socket.sendEvent(25)
  await read
  platform.socket.sendHeartbeat(30)
  assert.strictEqual(client.cursor, "e:20", "an event is in hand")
  platform.socket.disconnect()
  platform.advance(1_000)
  await platform.socket.completeHandshake(30)
  assert.deepInclude(platform.socket.lastSubscribe, { since: "e:30" })
  void iterator.next()
  assert.strictEqual(client.cursor, "e:30")
})

it("The cursor of several iterations is the lowest, and stays when the last one ends", async () => {
  const { platform, client } = await start()
  const [slow, fast, idle] = [
    iterate(client),
    iterate(client),
    iterate(client, { since: "beginning", moveCursor: false }),
  ]
  for (const id of platform.socket.subscriptions) platform.socket.sendSubscribed(10, 0, id)
  for (const seq of [11, 12, 13]) platform.socket.sendEvent(seq)
  await slow.next()
  for (let read = 0; read < 3; read++) await fast.next()
  await slow.next()
  assert.strictEqual(client.cursor, "e:11")
  await fast.return?.()
  assert.strictEqual(client.cursor, "e:11")
  await slow.next()
  assert.strictEqual(client.cursor, "e:12")
  await slow.return?.()
  assert.strictEqual(client.cursor, "e:12")
  await idle.next()
  await idle.next()
  assert.strictEqual(client.cursor, "e:12")
})

it("The cursor stays the lowest when the client closes", async () => {
  const { platform, client } = await start()
  const [slow, fast] = [iterate(client), iterate(client)]
  for (const id of platform.socket.subscriptions) platform.socket.sendSubscribed(10, 0, id)
  platform.socket.sendEvent(11)
  platform.socket.sendEvent(12)
  await slow.next()
  for (let read = 0; read < 2; read++) await fast.next()
  client.close()
  await fast.next()
  assert.strictEqual(client.cursor, "e:10")
  await slow.next()
  assert.strictEqual(
    client.cursor,
    "e:11",
    "the event that was in hand was handled, the buffered one was not",
  )
})

it("Without an iteration the cursor is what the listeners have returned from, and null without a listener", async () => {
  const { platform, client } = await start()
  assert.isNull(client.cursor)
  const during: Array<string | null> = []
  client.subscribe(({ type }) => void (type === "event" && during.push(client.cursor)))
  platform.socket.sendHeartbeat(12)
  platform.socket.sendEvent(13)
  assert.deepStrictEqual([during, client.cursor], [["e:12"], "e:13"])
  iterate(client, { moveCursor: false })
  platform.socket.sendEvent(14)
  assert.strictEqual(client.cursor, "e:13", "received by an iteration that moves nothing")
})

it("An event from the call of events on is not replayed; one from a lost connection is", async () => {
  const { platform, client } = await start()
  const iterator = iterate(client)
  const send = (seq: number) => {
    const sub = platform.socket.subscriptions
    platform.socket.sendEvent(seq, `schema.drift:${seq}`, sub)
  }
  platform.socket.sendSubscribed(11, 1)
  platform.socket.replaysNext = true
  send(11)
  assert.isFalse((await iterator.next()).value?.replayed)
  platform.socket.disconnect()
  platform.advance(1_000)
  await platform.socket.completeHandshake(12)
  platform.socket.sendSubscribed(12, 1)
  platform.socket.replaysNext = true
  send(12)
  assert.isTrue((await iterator.next()).value?.replayed)
})

it("A second loop over the same events begins again", async () => {
  const { platform, client } = await start()
  const events = client.events({ since: "e:3" })
  for (let loop = 0; loop < 2; loop++) {
    const iterator = events[Symbol.asyncIterator]()
    assert.deepInclude(platform.socket.lastSubscribe, { since: "e:3" })
    platform.socket.sendSubscribed(10, 7)
    platform.socket.sendEvent(4, "schema.drift:4", platform.socket.subscriptions)
    assert.strictEqual(await cursorOf(iterator.next()), "e:4")
    await iterator.return?.()
  }
})

it("An iteration ends when its signal aborts, drops what was not read and removes its listener", async () => {
  const { platform, client } = await start()
  const abort = new AbortController()
  const iterator = iterate(client, { signal: abort.signal })
  platform.socket.sendSubscribed(10)
  platform.socket.sendEvent(11)
  platform.socket.sendEvent(12)
  await iterator.next()
  abort.abort()
  assert.isTrue((await iterator.next()).done)
  assert.strictEqual(client.cursor, "e:11")
  assert.lengthOf(platform.socket.subscriptions, 0)
  assert.lengthOf(getEventListeners(abort.signal, "abort"), 0)
  assert.isTrue((await iterate(client, { signal: abort.signal }).next()).done)
})

it("An iteration of a client that is closed for good rejects after the events that it has received", async () => {
  const { platform, client } = await start()
  const [reading, waiting] = [iterate(client), iterate(client)]
  for (const id of platform.socket.subscriptions) platform.socket.sendSubscribed(10, 0, id)
  const pending = waiting.next()
  platform.socket.sendEvent(11)
  await pending
  const error = errorOf(waiting.next())
  platform.socket.disconnect(4403, "the token was revoked")
  assert.strictEqual(await cursorOf(reading.next()), "e:11")
  for (const each of [await error, await errorOf(reading.next()), await errorOf(iterate(client).next())]) {
    assert.instanceOf(each, ConnectionError)
    assert.deepInclude(each, { name: "ConnectionError", failure: "forbidden", code: 4403 })
    assert.include(each.message, "the token was revoked: pass a token")
  }
})

it("An iteration rejects with the server's error when its subscription is rejected; others continue", async () => {
  const { platform, client } = await start()
  const [first, second] = [iterate(client), iterate(client)]
  const [firstId, secondId] = platform.socket.subscriptions
  platform.socket.sendSubscribed(10, 0, firstId)
  const read = errorOf(second.next())
  platform.socket.receive({
    type: "error",
    id: secondId!,
    error: {
      code: "too_many_subscriptions",
      category: "client",
      retryable: false,
      message: "at most 16 subscriptions",
      correlationId: "c",
    },
  })
  const error = await read
  assert.instanceOf(error, RequestError)
  assert.strictEqual(error.code, "too_many_subscriptions")
  platform.socket.sendEvent(11)
  assert.strictEqual(await cursorOf(first.next()), "e:11")
  assert.strictEqual(client.connection.status, "live")
})

it("An iteration waits while no server responds, and begins at the first snapshot", async () => {
  const platform = new FakePlatform()
  const client = new WebSocketClient({ url: "ws://127.0.0.1:25465/", token: "t" }, platform)
  const read = iterate(client).next()
  assert.isNull(client.cursor)
  platform.socket.disconnect()
  platform.advance(1_000)
  await platform.socket.completeHandshake(4)
  assert.deepInclude(platform.socket.lastSubscribe, { since: "e:4" })
  assert.strictEqual(client.cursor, "e:4")
  platform.socket.sendEvent(5)
  assert.strictEqual(await cursorOf(read), "e:5")
})
