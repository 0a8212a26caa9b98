import { EventLog } from "@blink-streams/events"
import {
  type BlinkEvent,
  ClipId,
  type Cursor,
  EventId,
  parseCursor,
  timestampFromMillis,
} from "@blink-streams/model"
import type { ServerMessage } from "@blink-streams/protocol"
import { assert, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { seededRandom } from "./seededRandom.ts"
import { TestClient } from "./TestClient.ts"
import {
  account,
  cursorAt,
  hall,
  homeNetwork,
  motion,
  porch,
  secret,
  startServer,
  stateAt,
} from "./testServer.ts"

/** Makes events so big that a few fill a socket. */
const padding = "x".repeat(20_000)

const big = (number: number, camera: typeof porch): BlinkEvent => ({
  ...motion(number, camera),
  kind: "motion",
  id: EventId.make(`motion:${number}`),
  observedAt: timestampFromMillis(number),
  subject: { account, network: homeNetwork, camera, kind: "camera", name: padding },
  data: { clipId: ClipId.make(String(number)), cause: "pir" },
})

/** A log in memory that reads pages after a random number of turns and retains `events` events. */
const slowLog = (events: number, next: () => number) =>
  Layer.effect(
    EventLog,
    Effect.map(EventLog, (log) =>
      EventLog.of({
        ...log,
        readEncoded: (after, limit) =>
          Effect.andThen(
            Effect.repeat(Effect.yieldNow, { times: Math.floor(next() * 6) }),
            log.readEncoded(after, limit),
          ),
      }),
    ),
  ).pipe(Layer.provide(EventLog.layerSqlite({ filename: ":memory:", retention: { events } })))

interface SubscriptionRequest {
  readonly camera: typeof porch | null
  readonly since: number | null
}

/** A peer and its subscriptions. */
class Client {
  readonly connection: TestClient
  readonly requested = new Map<string, SubscriptionRequest>()
  readonly open = new Set<string>()
  #last = 0

  constructor(connection: TestClient) {
    this.connection = connection
  }

  subscribe(request: SubscriptionRequest, log: EventLog["Service"]) {
    if (this.open.size === 8) return
    const id = `s${++this.#last}`
    this.requested.set(id, request)
    this.open.add(id)
    this.connection.send({
      type: "subscribe",
      id,
      topics: ["*"],
      ...(this.#last % 2 === 0 ? { snapshot: "none" } : {}),
      ...(request.camera === null ? {} : { filter: { cameras: [request.camera] } }),
      ...(request.since === null ? {} : { since: cursorAt(log, request.since) }),
    })
  }

  unsubscribe(id: string) {
    this.open.delete(id)
    this.connection.send({ type: "unsubscribe", id: `u${id}`, subscription: id })
  }
}

const cameraOf = (seq: number) => (seq % 3 === 0 ? hall : porch)
const passes = ({ camera }: SubscriptionRequest, seq: number) => camera === null || camera === cameraOf(seq)

const seqOf = (cursor: Cursor) => Number(parseCursor(cursor)?.seq)

/** Checks the messages of one subscription: every matching event once and in order, except in reported gaps. */
const checkMessages = (
  id: string,
  request: SubscriptionRequest,
  received: ReadonlyArray<ServerMessage>,
  newest: number,
) => {
  let position: number | null = null
  let replayedUntil = 0
  let ended = false
  const jump = (to: number) => {
    position = to
  }
  const pass = (to: number) => {
    assert.isNotNull(position, `${id}: an event before the reply`)
    for (let seq = position + 1; seq < to; seq++)
      assert.isFalse(passes(request, seq), `${id}: ${seq} is missing`)
    assert.isAbove(to, position, `${id}: ${to} again`)
    jump(to)
  }
  for (const message of received) {
    if (message.type === "unsubscribed" && message.subscription === id) ended = true
    const names = "id" in message && message.id === id
    if (message.type === "event" && message.sub.includes(id)) {
      assert.isFalse(ended, `${id}: an event after its end`)
      assert.isTrue(passes(request, message.seq), `${id}: ${message.seq} does not pass`)
      pass(message.seq)
      if (message.seq <= replayedUntil) assert.isTrue(message.event.replayed, `${id}: ${message.seq}`)
    } else if (names && message.type === "gap") {
      assert.isFalse(ended, `${id}: a gap after its end`)
      if (position !== null)
        assert.isAtMost(position, seqOf(message.from), `${id}: a gap before received events`)
      jump(seqOf(message.to))
    } else if (names && (message.type === "snapshot" || message.type === "subscribed")) {
      assert.isFalse(ended, `${id}: a reply after its end`)
      replayedUntil = message.seq
      if (message.resume === "replayed") jump(request.since ?? -1)
      else jump(message.seq)
    }
  }
  if (!ended) {
    assert.isNotNull(position, `${id}: no reply`)
    for (let seq = position + 1; seq <= newest; seq++)
      assert.isFalse(passes(request, seq), `${id}: ${seq} is missing at the end`)
  }
}

/** True when an open subscription has received everything up to the newest event. */
const isComplete = (
  id: string,
  request: SubscriptionRequest,
  received: ReadonlyArray<ServerMessage>,
  newest: number,
) => {
  let last = newest
  while (!passes(request, last)) last -= 1
  return received.some((message) =>
    message.type === "event"
      ? message.sub.includes(id) && message.seq === last
      : (message.type === "snapshot" || message.type === "subscribed") &&
        message.id === id &&
        message.resume !== "replayed" &&
        message.seq >= last,
  )
}

const eventLoopTurn = Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))

const runSchedule = (seed: number, retained: number) =>
  Effect.gen(function* () {
    const next = seededRandom(seed)
    const upTo = (count: number) => Math.floor(next() * count)
    const limits = { highWaterBytes: 64 * 1024, messageBurst: 1e9, maxInFlight: 1e9 }
    const testServer = yield* startServer({ limits }, slowLog(retained, next))
    const clients: Array<Client> = []
    for (let count = 0; count < 4; count++)
      clients.push(
        new Client(yield* Effect.promise(() => new TestClient(testServer.socketUrl).authenticate(secret))),
      )
    let newest = 0
    const append = Effect.fnUntraced(function* (count: number) {
      const events = Array.from({ length: count }, (_, index) =>
        big(newest + index + 1, cameraOf(newest + index + 1)),
      )
      newest += count
      yield* testServer.log.append({ account, events, ...(next() < 0.3 ? { state: stateAt(newest) } : {}) })
    })
    const act = (client: Client) => {
      const choice = upTo(10)
      const { socket } = client.connection
      if (choice < 3) return append(1 + upTo(40))
      return Effect.sync(() => {
        if (choice < 6) {
          const camera = next() < 0.3 ? null : next() < 0.5 ? porch : hall
          client.subscribe({ camera, since: next() < 0.3 ? null : upTo(newest + 1) }, testServer.log)
        } else if (choice < 8) {
          const ended = [...client.open][upTo(client.open.size)]
          if (ended !== undefined) client.unsubscribe(ended)
        } else if (choice === 8) socket.pause()
        else socket.resume()
      })
    }
    for (let step = 0; step < 250; step++) {
      yield* act(clients[upTo(clients.length)]!)
      for (let turns = upTo(4); turns > 0; turns--) yield* eventLoopTurn
    }
    yield* append(3)
    for (const { connection } of clients) connection.socket.resume()
    for (const { connection, requested, open } of clients) {
      const { received, socket } = connection
      while (![...open].every((id) => isComplete(id, requested.get(id)!, received, newest))) {
        assert.strictEqual(socket.readyState, socket.OPEN)
        yield* eventLoopTurn
      }
      for (const [id, request] of requested) checkMessages(id, request, received, newest)
      assert.isFalse(received.some(({ type }) => type === "error"))
    }
  }).pipe(Effect.scoped)

for (const [retained, seeds] of [
  [1_000_000, [1]],
  [150, [2, 3, 4, 5, 6, 7]],
] as const)
  for (const seed of seeds)
    it.live(
      `Subscriptions lose, repeat and reorder no event when peers subscribe, unsubscribe, pause and resume at random (${retained} retained, seed ${seed})`,
      () => runSchedule(seed, retained),
    )
