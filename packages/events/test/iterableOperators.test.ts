import { type AccountState, CameraId } from "@blink-streams/model"
import { armedOnly, burst, forCamera, forNetwork, motionSessions, withLag } from "../src/iterableOperators.ts"
import { streamInWindows } from "../src/internal/operators/streamInWindows.ts"
import { assert, it } from "@effect/vitest"
import { Effect, Fiber, Queue, Stream } from "effect"
import { TestClock } from "effect/testing"
import { at, homeNetwork, motion, network, stateAt } from "./fixtures.ts"

const motionOf = (camera: number, seconds: number) => {
  const event = motion(seconds)
  return { ...event, subject: { ...event.subject, camera: CameraId.make(camera), kind: "camera" as const } }
}

const armState = (state: "armed" | "disarmed", seconds: number): AccountState => {
  const { arm: _, ...plain } = homeNetwork()
  return { ...stateAt(seconds), networks: [{ ...plain, arm: { state, asOf: at(seconds) } }] }
}

async function* each<A>(...values: ReadonlyArray<A>) {
  yield* values
}

const collect = async <A>(source: AsyncIterable<A>): Promise<ReadonlyArray<A>> => {
  const all: Array<A> = []
  for await (const value of source) all.push(value)
  return all
}

it("forCamera, forNetwork and withLag apply to async iterators as to observables", async () => {
  const events = [motionOf(1, 0), motionOf(2, 5)]
  const own = each(...events)
  assert.deepStrictEqual(await collect(forCamera<(typeof events)[0]>({ kind: "camera", id: 2 })(own)), [
    motionOf(2, 5),
  ])
  assert.strictEqual((await collect(forNetwork(network)(each(...events)))).length, 2)
  assert.strictEqual((await collect(forNetwork(9)(each(...events)))).length, 0)
  const [first] = await collect(withLag<(typeof events)[0]>()(each(...events)))
  assert.strictEqual(first?.lagMs, 30_000)
})

it("armedOnly waits for the first state and passes what occurred while the network was armed", async () => {
  const read = Promise.withResolvers<void>()
  async function* states() {
    yield* each(armState("armed", 100), armState("disarmed", 200))
    read.resolve()
  }
  async function* events() {
    await read.promise
    yield* each(motionOf(1, 50), motionOf(1, 150), motionOf(1, 250))
  }
  const passed = await collect(armedOnly<ReturnType<typeof motionOf>>(states())(events()))
  assert.deepStrictEqual(passed, [motionOf(1, 150)])
})

it("armedOnly asks for an event only when its consumer does", async () => {
  let asked = 0
  async function* events() {
    for (;;) {
      asked += 1
      yield motionOf(1, 150)
    }
  }
  const iterator = armedOnly<ReturnType<typeof motionOf>>(each(armState("armed", 100)))(events())[
    Symbol.asyncIterator
  ]()
  await iterator.next()
  assert.strictEqual(asked, 1)
  await iterator.return?.()
})

it("armedOnly rejects with the error of the states", async () => {
  async function* states(): AsyncGenerator<AccountState> {
    yield armState("armed", 100)
    throw new RangeError("the states have failed")
  }
  async function* events() {
    yield motionOf(1, 150)
    await new Promise<never>(() => {})
  }
  const failed = await collect(armedOnly<ReturnType<typeof motionOf>>(states())(events())).catch(
    (error: unknown) => error,
  )
  assert.instanceOf(failed, RangeError)
})

it("motionSessions and burst emit what is open when the events end", async () => {
  const events = [motionOf(1, 0), motionOf(2, 5), motionOf(1, 8)]
  const sessions = await collect(motionSessions<(typeof events)[0]>(60_000)(each(...events)))
  assert.deepStrictEqual(
    sessions.map(({ startedAt, endedAt, events: { length } }) => [startedAt, endedAt, length]),
    [
      [at(0), at(8), 2],
      [at(5), at(5), 1],
    ],
  )
  assert.deepStrictEqual(await collect(burst(60_000)(each("a", "b"))), [["a", "b"]])
})

it.effect(
  "A window ends its length after its first or its latest value, whatever comes for another key",
  () =>
    Effect.gen(function* () {
      for (const [after, expected] of [
        ["first", [["a1", "a2"], ["b1"], ["a3"]]],
        ["latest", [["b1"], ["a1", "a2", "a3"]]],
      ] as const) {
        const values = yield* Queue.bounded<string>(16)
        const keyOf = (value: string) => value.slice(0, 1)
        const windows = streamInWindows(Stream.fromQueue(values), { keyOf, length: 20, after })
        const all = yield* Effect.forkChild(Stream.runCollect(Stream.take(windows, expected.length)))
        for (const value of ["a1", "b1", "a2", "a3"]) {
          yield* TestClock.adjust(4)
          yield* Queue.offer(values, value)
          yield* TestClock.adjust(value === "b1" ? 0 : 4)
        }
        yield* TestClock.adjust(20)
        assert.deepStrictEqual(
          [...(yield* Fiber.join(all))],
          expected.map((window) => [...window]),
        )
      }
    }),
)
