import type { Client, ConnectOptions } from "../src/index.ts"
import { WebSocketClient } from "../src/internal/WebSocketClient.ts"
import { makePlatform, type Platform } from "../src/internal/platform.ts"
import { type BlinkState, Epoch, parseCursor } from "@blink-streams/model"
import { assert, it } from "@effect/vitest"
import { Effect, Exit, Scope } from "effect"
import { TestClock } from "effect/testing"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import {
  account,
  armed,
  cursorAt,
  logIn,
  motions,
  secret,
  startServer,
  stateAt,
} from "../../server/test/testServer.ts"
import { resumeConnection, makeTcpProxy, stallConnection } from "./tcpProxy.ts"

type TestServer = Effect.Success<ReturnType<typeof startServer>>

const seqOf = (cursor: string) => Number(parseCursor(cursor)?.seq)

const platform = makePlatform(globalThis.WebSocket)
/** Reconnects without delay: the first delays are below 1 s, and all timeouts above. */
const eagerPlatform: Platform = {
  ...platform,
  setTimer: (ms, callback) => platform.setTimer(ms < 1_000 ? 0 : ms, callback),
}

/** A client with the positions and gaps that an iteration of its events has returned, and those of its listener. */
interface RecordingClient {
  readonly client: Client
  readonly seqs: Array<number>
  readonly gaps: Array<{ readonly reason: string; readonly to: number }>
  readonly heard: { readonly seqs: Array<number>; readonly gaps: RecordingClient["gaps"] }
}

const readInto = async ({ client, seqs, gaps }: RecordingClient, since: string | undefined) => {
  for await (const event of client.events(since === undefined ? {} : { since }))
    if (event.kind === "gap") gaps.push({ reason: event.data.reason, to: seqOf(event.cursor) })
    else seqs.push(seqOf(event.cursor))
}

const connectRecordingClient = ({ since, ...options }: Pick<ConnectOptions, "url"> & { since?: string }) =>
  Effect.acquireRelease(
    Effect.sync((): RecordingClient => {
      const recording: RecordingClient = {
        client: new WebSocketClient({ token: secret, ...options }, eagerPlatform),
        seqs: [],
        gaps: [],
        heard: { seqs: [], gaps: [] },
      }
      recording.client.subscribe((change) => {
        if (change.type === "event") recording.heard.seqs.push(seqOf(change.event.cursor))
        if (change.type === "gap") recording.heard.gaps.push({ reason: change.reason, to: seqOf(change.to) })
      })
      void readInto(recording, since)
      return recording
    }),
    ({ client }) => Effect.sync(() => client.close()),
  )

/** Asserts that the iteration without a `since` and the listener have received the same. */
const assertHeardTheSame = ({ seqs, gaps, heard }: RecordingClient) =>
  assert.deepStrictEqual({ seqs, gaps }, heard)

/** Checks `condition` after each change of the client, and again once its loop has read what it received. */
const until = (client: Client, condition: () => boolean) =>
  Effect.callback<void>((resume) => {
    const check = () => {
      if (!condition()) return
      unsubscribe()
      clearInterval(timer)
      resume(Effect.void)
    }
    const timer = setInterval(check, 5)
    const unsubscribe = client.subscribe(check)
    check()
    return Effect.sync(() => {
      unsubscribe()
      clearInterval(timer)
    })
  })

/** Removes thumbnail URLs, because they are signed per client. */
const withoutAddresses = (state: BlinkState | null) =>
  state?.accounts.map((each) => ({
    ...each,
    cameras: each.cameras.map((camera) => ({ ...camera, thumbnail: camera.thumbnail?.takenAt ?? null })),
  }))

/**
 * Waits until the client is live at the newest position of the log, then compares its state with the log's
 * state.
 */
const assertInSync = ({ client }: RecordingClient, { log }: TestServer) =>
  Effect.gen(function* () {
    const { seq, state } = yield* log.snapshot
    yield* until(
      client,
      () =>
        client.connection.status === "live" &&
        client.cursor === cursorAt(log, seq) &&
        client.state?.accounts[0]?.asOf === state.accounts[0]?.asOf,
    )
    assert.deepStrictEqual(withoutAddresses(client.state), withoutAddresses(state))
  })

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)

const temporaryFolder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "blink-streams-test-"))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true })),
)

/** Appends the events `from` to `to`; the last one arms the first system. */
const appendAndArm = ({ log }: TestServer, from: number, to: number) =>
  Effect.gen(function* () {
    for (let start = from; start < to; start += 500)
      yield* log.append({ account, events: motions(start, Math.min(start + 499, to - 1)) })
    const state = stateAt(to)
    const networks = state.networks.map((network, index) =>
      index === 0 ? { ...network, arm: { state: "armed" as const, asOf: state.asOf } } : network,
    )
    yield* log.append({ account, events: [armed(to, "armed")], state: { ...state, networks } })
  })

const appendFirstEvents = (server: TestServer) =>
  server.log.append({ account, events: motions(1, 10), state: stateAt(10) })

it.live(
  "Client receives every event after its cursor exactly once when the server restarts on the same log",
  () =>
    Effect.gen(function* () {
      const filename = join(yield* temporaryFolder, "log.sqlite")
      const first = yield* Scope.make()
      const server = yield* Scope.provide(startServer({}, logIn(filename)), first)
      yield* appendFirstEvents(server)
      const proxy = yield* makeTcpProxy(server.port)
      const recording = yield* connectRecordingClient({
        url: `ws://127.0.0.1:${proxy.port}`,
        since: cursorAt(server.log, 5),
      })
      yield* until(recording.client, () => recording.seqs.length === 5)
      proxy.routeTo(null)
      yield* Scope.close(first, Exit.void)
      const restarted = yield* startServer({}, logIn(filename))
      yield* appendAndArm(restarted, 11, 30)
      proxy.routeTo(restarted.port)
      yield* assertInSync(recording, restarted)
      assert.deepStrictEqual([recording.seqs, recording.gaps], [range(6, 30), []])
    }).pipe(Effect.scoped),
)

it.live("Client receives every event exactly once when the network breaks repeatedly", () =>
  Effect.gen(function* () {
    const server = yield* startServer()
    yield* appendFirstEvents(server)
    const proxy = yield* makeTcpProxy(server.port)
    const recording = yield* connectRecordingClient({ url: `ws://127.0.0.1:${proxy.port}` })
    yield* until(recording.client, () => recording.client.connection.status === "live")
    for (let round = 0; round < 5; round++) {
      yield* server.log.append({ account, events: motions(11 + round * 20, 20 + round * 20) })
      proxy.routeTo(null)
      yield* server.log.append({ account, events: motions(21 + round * 20, 30 + round * 20) })
      proxy.routeTo(server.port)
      yield* until(recording.client, () => recording.client.cursor === cursorAt(server.log, 30 + round * 20))
    }
    yield* appendAndArm(server, 111, 120)
    yield* assertInSync(recording, server)
    assert.deepStrictEqual([recording.seqs, recording.gaps], [range(11, 120), []])
    assertHeardTheSame(recording)
  }).pipe(Effect.scoped),
)

/** Stalls a client for 62 s on the server's test clock; the sockets are real. */
const stallForAMinute = (retention: number) =>
  Effect.gen(function* () {
    const filename = join(yield* temporaryFolder, "log.sqlite")
    const server = yield* startServer({}, logIn(filename, retention))
    yield* appendFirstEvents(server)
    const proxy = yield* makeTcpProxy(server.port)
    const recording = yield* connectRecordingClient({ url: `ws://127.0.0.1:${proxy.port}` })
    yield* until(recording.client, () => recording.client.connection.status === "live")
    yield* server.log.append({ account, events: motions(11, 11) })
    yield* until(recording.client, () => recording.seqs.length === 1)
    const stalledConnections = [...proxy.connections]
    for (const connection of stalledConnections) stallConnection(connection)
    yield* appendAndArm(server, 12, 40_000)
    yield* TestClock.adjust("62 seconds")
    for (const connection of stalledConnections) resumeConnection(connection)
    yield* until(recording.client, () => recording.client.connection.status === "stale")
    const { code, reason } = recording.client.connection
    assert.deepStrictEqual([code, reason], [4430, "nothing was read for too long"])
    yield* assertInSync(recording, server)
    assertHeardTheSame(recording)
    return recording
  })

it.effect(
  "Client that reads nothing for a minute is disconnected with 4430 and receives all events after the reconnect",
  () =>
    Effect.gen(function* () {
      const { seqs, gaps } = yield* stallForAMinute(1_000_000)
      assert.deepStrictEqual([seqs, gaps], [range(11, 40_000), []])
    }).pipe(Effect.scoped),
)

it.effect("Client receives a gap when the log no longer has its position after a stall", () =>
  Effect.gen(function* () {
    const { seqs, gaps } = yield* stallForAMinute(1_000)
    assert.deepStrictEqual(gaps, [{ reason: "cursor_expired", to: 40_000 }])
    assert.deepStrictEqual(seqs, range(11, seqs.at(-1)!))
  }).pipe(Effect.scoped),
)

it.live(
  "Client receives a gap and the current state when since is expired, of another log or beyond the end",
  () =>
    Effect.gen(function* () {
      const filename = join(yield* temporaryFolder, "log.sqlite")
      const server = yield* startServer({}, logIn(filename, 160))
      yield* appendFirstEvents(server)
      yield* appendAndArm(server, 11, 2_000)
      const cases: ReadonlyArray<readonly [string, object]> = [
        [cursorAt(server.log, 5), { reason: "cursor_expired", to: 2_000 }],
        [cursorAt({ epoch: Epoch.make("another") }, 1_990), { reason: "restart", to: 2_000 }],
        [cursorAt(server.log, 5_000), { reason: "restart", to: 2_000 }],
      ]
      const recordings: Array<RecordingClient> = []
      for (const [since, gap] of cases) {
        const recording = yield* connectRecordingClient({ url: server.url, since })
        yield* assertInSync(recording, server)
        assert.deepStrictEqual([recording.seqs, recording.gaps], [[], [gap]])
        recordings.push(recording)
      }
      yield* appendAndArm(server, 2_001, 2_020)
      for (const recording of recordings) {
        yield* assertInSync(recording, server)
        assert.deepStrictEqual(recording.seqs, range(2_001, 2_020))
      }
    }).pipe(Effect.scoped),
)

it.live("Client with the cursor of another server receives a gap and the state of its own server", () =>
  Effect.gen(function* () {
    const one = yield* startServer()
    const other = yield* startServer()
    yield* appendFirstEvents(one)
    yield* appendAndArm(one, 11, 20)
    yield* appendFirstEvents(other)
    yield* appendAndArm(other, 11, 30)
    const cursors = {
      one: cursorAt(one.log, 15),
      other: cursorAt(other.log, 15),
    }
    const swapped = [
      { house: one, since: cursors.other, newest: 20 },
      { house: other, since: cursors.one, newest: 30 },
    ]
    for (const { house, since, newest } of swapped) {
      const recording = yield* connectRecordingClient({ url: house.url, since })
      yield* assertInSync(recording, house)
      assert.deepStrictEqual([recording.seqs, recording.gaps], [[], [{ reason: "restart", to: newest }]])
      yield* appendAndArm(house, newest + 1, newest + 10)
      yield* assertInSync(recording, house)
      assert.deepStrictEqual(recording.seqs, range(newest + 1, newest + 10))
      assert.lengthOf(recording.gaps, 1)
    }
  }).pipe(Effect.scoped),
)

it.live("Client whose URL is rerouted to another server receives a gap and continues there", () =>
  Effect.gen(function* () {
    const one = yield* startServer()
    const other = yield* startServer()
    yield* appendFirstEvents(one)
    yield* appendFirstEvents(other)
    const proxies = [yield* makeTcpProxy(one.port), yield* makeTcpProxy(other.port)] as const
    const recordings = [
      yield* connectRecordingClient({ url: `ws://127.0.0.1:${proxies[0].port}` }),
      yield* connectRecordingClient({ url: `ws://127.0.0.1:${proxies[1].port}` }),
    ] as const
    for (const { client } of recordings) yield* until(client, () => client.connection.status === "live")
    yield* appendAndArm(one, 11, 20)
    yield* appendAndArm(other, 21, 40)
    yield* assertInSync(recordings[0], one)
    yield* assertInSync(recordings[1], other)
    proxies[0].routeTo(other.port)
    proxies[1].routeTo(one.port)
    yield* assertInSync(recordings[0], other)
    yield* assertInSync(recordings[1], one)
    assert.deepStrictEqual(recordings[0].gaps, [{ reason: "restart", to: 30 }])
    assert.deepStrictEqual(recordings[1].gaps, [{ reason: "restart", to: 20 }])
    yield* appendAndArm(other, 41, 50)
    yield* appendAndArm(one, 51, 60)
    yield* assertInSync(recordings[0], other)
    yield* assertInSync(recordings[1], one)
    assert.deepStrictEqual(recordings[0].seqs, [...range(11, 20), ...range(31, 40)])
    assert.deepStrictEqual(recordings[1].seqs, [...range(11, 30), ...range(21, 30)])
  }).pipe(Effect.scoped),
)
