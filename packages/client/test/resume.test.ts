import { type Client, type ConnectOptions, connect, type Cursor } from "@blink-streams/client"
import { Epoch, type HomeState, Seq } from "@blink-streams/model"
import { assert, it } from "@effect/vitest"
import { Effect, Exit, Scope } from "effect"
import { TestClock } from "effect/testing"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { account, armed, logIn, motions, secret, startHouse, stateAt } from "../../server/test/house.ts"
import { flow, makeNetwork, stall } from "./network.ts"

type House = Effect.Success<ReturnType<typeof startHouse>>

/** What one reader was told, in the words of a user interface. */
interface Reader {
  readonly client: Client
  readonly told: Array<number>
  readonly gaps: Array<{ readonly reason: string; readonly from: number; readonly to: number }>
}

const read = (options: Pick<ConnectOptions, "url" | "since">) =>
  Effect.acquireRelease(
    Effect.sync((): Reader => {
      const reader: Reader = { client: connect({ token: secret, ...options }), told: [], gaps: [] }
      reader.client.subscribe((change) => {
        if (change.type === "event") reader.told.push(change.seq)
        if (change.type === "gap")
          reader.gaps.push({ reason: change.reason, from: change.from, to: change.to })
      })
      return reader
    }),
    ({ client }) => Effect.sync(() => client.close()),
  )

const until = (client: Client, holds: () => boolean) =>
  Effect.callback<void>((resume) => {
    const stop = client.subscribe(() => {
      if (!holds()) return
      stop()
      resume(Effect.void)
    })
    if (holds()) resume(Effect.void)
    return Effect.sync(stop)
  })

/** Addresses of pictures are signed for each reader anew; all else has to be the same. */
const withoutAddresses = (state: HomeState | null) =>
  state?.accounts.map((each) => ({
    ...each,
    cameras: each.cameras.map((camera) => ({ ...camera, thumbnail: camera.thumbnail?.takenAt ?? null })),
  }))

/** The reader comes to be live at the newest place of a house, and shows what the log's own state is. */
const agrees = ({ client }: Reader, { log }: House) =>
  Effect.gen(function* () {
    const { epoch, seq, state } = yield* log.cut
    yield* until(
      client,
      () =>
        client.connection.status === "live" &&
        client.cursor?.epoch === epoch &&
        client.cursor.seq === seq &&
        client.state?.accounts[0]?.asOf === state.accounts[0]?.asOf,
    )
    assert.deepStrictEqual(withoutAddresses(client.state), withoutAddresses(state))
  })

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)

const temporaryFolder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "blink-streams-test-"))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true })),
)

/** Events `from` to `to`, the last of which arms the home. */
const live = ({ log }: House, from: number, to: number) =>
  Effect.gen(function* () {
    for (let at = from; at < to; at += 500)
      yield* log.append({ account, events: motions(at, Math.min(at + 499, to - 1)) })
    const state = stateAt(to)
    const networks = state.networks.map((network, index) =>
      index === 0 ? { ...network, arm: { state: "armed" as const, asOf: state.asOf } } : network,
    )
    yield* log.append({ account, events: [armed(to, "armed")], state: { ...state, networks } })
  })

const begin = (house: House) => house.log.append({ account, events: motions(1, 10), state: stateAt(10) })

it.live("a server that ends and comes back on the same log: everything after the last event, once", () =>
  Effect.gen(function* () {
    const filename = join(yield* temporaryFolder, "log.sqlite")
    const first = yield* Scope.make()
    const house = yield* Scope.provide(startHouse({}, logIn(filename)), first)
    yield* begin(house)
    const network = yield* makeNetwork(house.port)
    const reader = yield* read({
      url: `ws://127.0.0.1:${network.port}`,
      since: { epoch: house.log.epoch, seq: Seq.make(5) },
    })
    yield* until(reader.client, () => reader.told.length === 5)
    network.lead(null)
    yield* Scope.close(first, Exit.void)
    const again = yield* startHouse({}, logIn(filename))
    yield* live(again, 11, 30)
    network.lead(again.port)
    yield* agrees(reader, again)
    assert.deepStrictEqual([reader.told, reader.gaps], [range(6, 30), []])
  }).pipe(Effect.scoped),
)

it.live("a network that breaks while things happen: everything after the last event, once", () =>
  Effect.gen(function* () {
    const house = yield* startHouse()
    yield* begin(house)
    const network = yield* makeNetwork(house.port)
    const reader = yield* read({ url: `ws://127.0.0.1:${network.port}` })
    yield* until(reader.client, () => reader.client.connection.status === "live")
    for (let round = 0; round < 5; round++) {
      yield* house.log.append({ account, events: motions(11 + round * 20, 20 + round * 20) })
      network.lead(null)
      yield* house.log.append({ account, events: motions(21 + round * 20, 30 + round * 20) })
      network.lead(house.port)
      yield* until(reader.client, () => reader.client.cursor?.seq === 30 + round * 20)
    }
    yield* live(house, 111, 120)
    yield* agrees(reader, house)
    assert.deepStrictEqual([reader.told, reader.gaps], [range(11, 120), []])
  }).pipe(Effect.scoped),
)

/** A minute and a little more passes on the clock of the server; the sockets are real. */
const readsNothingForAMinute = (retention: number) =>
  Effect.gen(function* () {
    const filename = join(yield* temporaryFolder, "log.sqlite")
    const house = yield* startHouse({}, logIn(filename, retention))
    yield* begin(house)
    const network = yield* makeNetwork(house.port)
    const reader = yield* read({ url: `ws://127.0.0.1:${network.port}` })
    yield* until(reader.client, () => reader.client.connection.status === "live")
    const stalled = [...network.links]
    for (const link of stalled) stall(link)
    yield* live(house, 11, 40_000)
    yield* TestClock.adjust("62 seconds")
    for (const link of stalled) flow(link)
    yield* until(reader.client, () => reader.client.connection.status === "stale")
    const { code, reason } = reader.client.connection
    assert.deepStrictEqual([code, reason], [4430, "nothing was read for too long"])
    yield* agrees(reader, house)
    return reader
  })

it.effect("a reader that stops reading for a minute is turned out, and gets all of it when it is back", () =>
  Effect.gen(function* () {
    const { told, gaps } = yield* readsNothingForAMinute(1_000_000)
    assert.deepStrictEqual([told, gaps], [range(11, 40_000), []])
  }).pipe(Effect.scoped),
)

it.effect("a reader that stops reading until the log has lost its place hears of a gap", () =>
  Effect.gen(function* () {
    const { told, gaps } = yield* readsNothingForAMinute(1_000)
    assert.lengthOf(gaps, 1)
    assert.deepInclude(gaps[0], { reason: "cursor_expired", from: told.at(-1)!, to: 40_000 })
    assert.deepStrictEqual(told, range(11, told.at(-1)!))
  }).pipe(Effect.scoped),
)

it.live("a place that is older than the log, of another log, or yet to come: a gap, then the truth", () =>
  Effect.gen(function* () {
    const filename = join(yield* temporaryFolder, "log.sqlite")
    const house = yield* startHouse({}, logIn(filename, 160))
    yield* begin(house)
    yield* live(house, 11, 2_000)
    const { epoch } = house.log
    const cases: ReadonlyArray<readonly [Cursor, object]> = [
      [
        { epoch, seq: Seq.make(5) },
        { reason: "cursor_expired", from: 5, to: 2_000 },
      ],
      [
        { epoch: Epoch.make("another"), seq: Seq.make(1_990) },
        { reason: "restart", from: 0, to: 2_000 },
      ],
      [
        { epoch, seq: Seq.make(5_000) },
        { reason: "restart", from: 0, to: 2_000 },
      ],
    ]
    const readers: Array<Reader> = []
    for (const [since, gap] of cases) {
      const reader = yield* read({ url: house.url, since })
      yield* agrees(reader, house)
      assert.deepStrictEqual([reader.told, reader.gaps], [[], [gap]])
      readers.push(reader)
    }
    yield* live(house, 2_001, 2_020)
    for (const reader of readers) {
      yield* agrees(reader, house)
      assert.deepStrictEqual(reader.told, range(2_001, 2_020))
    }
  }).pipe(Effect.scoped),
)

it.live(
  "two servers' places swapped: each reader hears of a gap, then the truth of the server it is at",
  () =>
    Effect.gen(function* () {
      const one = yield* startHouse()
      const other = yield* startHouse()
      yield* begin(one)
      yield* live(one, 11, 20)
      yield* begin(other)
      yield* live(other, 11, 30)
      const places = {
        one: { epoch: one.log.epoch, seq: Seq.make(15) },
        other: { epoch: other.log.epoch, seq: Seq.make(15) },
      }
      const swapped = [
        { house: one, since: places.other, newest: 20 },
        { house: other, since: places.one, newest: 30 },
      ]
      for (const { house, since, newest } of swapped) {
        const reader = yield* read({ url: house.url, since })
        yield* agrees(reader, house)
        assert.deepStrictEqual([reader.told, reader.gaps], [[], [{ reason: "restart", from: 0, to: newest }]])
        yield* live(house, newest + 1, newest + 10)
        yield* agrees(reader, house)
        assert.deepStrictEqual(reader.told, range(newest + 1, newest + 10))
        assert.lengthOf(reader.gaps, 1)
      }
    }).pipe(Effect.scoped),
)

it.live("readers whose addresses come to lead to each other's server hear of a gap, then go on there", () =>
  Effect.gen(function* () {
    const one = yield* startHouse()
    const other = yield* startHouse()
    yield* begin(one)
    yield* begin(other)
    const networks = [yield* makeNetwork(one.port), yield* makeNetwork(other.port)] as const
    const readers = [
      yield* read({ url: `ws://127.0.0.1:${networks[0].port}` }),
      yield* read({ url: `ws://127.0.0.1:${networks[1].port}` }),
    ] as const
    for (const { client } of readers) yield* until(client, () => client.connection.status === "live")
    yield* live(one, 11, 20)
    yield* live(other, 21, 40)
    yield* agrees(readers[0], one)
    yield* agrees(readers[1], other)
    networks[0].lead(other.port)
    networks[1].lead(one.port)
    yield* agrees(readers[0], other)
    yield* agrees(readers[1], one)
    assert.deepStrictEqual(readers[0].gaps, [{ reason: "restart", from: 0, to: 30 }])
    assert.deepStrictEqual(readers[1].gaps, [{ reason: "restart", from: 0, to: 20 }])
    yield* live(other, 41, 50)
    yield* live(one, 51, 60)
    yield* agrees(readers[0], other)
    yield* agrees(readers[1], one)
    assert.deepStrictEqual(readers[0].told, [...range(11, 20), ...range(31, 40)])
    assert.deepStrictEqual(readers[1].told, [...range(11, 30), ...range(21, 30)])
  }).pipe(Effect.scoped),
)
