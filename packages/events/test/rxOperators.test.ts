import { armedOnly, burst, forCamera, forNetwork, motionSessions, withLag } from "../src/rxOperators.ts"
import { CameraId, NetworkId } from "@blink-streams/model"
import { assert, it } from "@effect/vitest"
import { from, lastValueFrom, of, toArray } from "rxjs"
import { TestScheduler } from "rxjs/testing"
import { account, at, homeNetwork, network, stateAt } from "./fixtures.ts"

const eventAt = (camera: number, seconds: number, kind: "camera" | "mini" = "camera") => ({
  subject: { account, network, camera: CameraId.make(camera), kind },
  occurredAt: at(seconds),
  observedAt: at(seconds + 30),
})
const all = <A>(...events: ReadonlyArray<A>) => from(events)
const marbles = (run: Parameters<TestScheduler["run"]>[0]) =>
  new TestScheduler((actual, expected) => assert.deepStrictEqual(actual, expected)).run(run)

it("forCamera distinguishes a camera from a Mini with the same id", async () => {
  const only = all(eventAt(1, 0), eventAt(1, 1, "mini"), eventAt(2, 2)).pipe(
    forCamera({ kind: "camera", id: CameraId.make(1) }),
    toArray(),
  )
  assert.deepStrictEqual(await lastValueFrom(only), [eventAt(1, 0)])
})

it("forNetwork passes only what concerns the network", async () => {
  const none = all(eventAt(1, 0)).pipe(forNetwork(NetworkId.make(9)), toArray())
  assert.deepStrictEqual(await lastValueFrom(none), [])
})

it("armedOnly uses the newest state and passes events only when it is armed", async () => {
  for (const [state, passes] of [
    ["armed", true],
    ["arming", false],
    ["unknown", false],
    ["disarmed", false],
  ] as const) {
    const { arm: _, ...plain } = homeNetwork()
    const state$ = of({ ...stateAt(0), networks: [{ ...plain, arm: { state, asOf: at(0) } }] })
    const passed = await lastValueFrom(all(eventAt(1, 0)).pipe(armedOnly(state$), toArray()))
    assert.strictEqual(passed.length, passes ? 1 : 0, state)
  }
})

it("armedOnly passes an event that occurred while armed although its clip arrives after disarming", () => {
  const { arm: _, ...plain } = homeNetwork()
  const as = (state: "armed" | "disarmed", seconds: number) => ({
    ...stateAt(seconds),
    networks: [{ ...plain, arm: { state, asOf: at(seconds) } }],
  })
  marbles(({ hot, expectObservable }) => {
    const state$ = hot("a-d-----a", { a: as("armed", 100), d: as("disarmed", 200) })
    const events = { b: eventAt(1, 50), w: eventAt(1, 150), l: eventAt(1, 250), n: eventAt(1, 99) }
    expectObservable(hot("---bwl--- n", events).pipe(armedOnly(state$))).toBe("----w---- n", events)
  })
})

it("withLag adds the delay of an event in milliseconds", async () => {
  assert.strictEqual((await lastValueFrom(all(eventAt(1, 0)).pipe(withLag()))).lagMs, 30_000)
})

it("motionSessions emits a session per camera after the gap", () => {
  marbles(({ hot, expectObservable }) => {
    const events = { a: eventAt(1, 0), b: eventAt(2, 5), c: eventAt(1, 8) }
    const session = (
      first: ReturnType<typeof eventAt>,
      ...others: ReadonlyArray<ReturnType<typeof eventAt>>
    ) => ({
      subject: first.subject,
      startedAt: first.occurredAt,
      endedAt: (others.at(-1) ?? first).occurredAt,
      events: [first, ...others],
    })
    expectObservable(hot("ab-c------", events).pipe(motionSessions(4))).toBe("-----b-a--", {
      a: session(events.a, events.c),
      b: session(events.b),
    })
  })
})

it("burst collects the values within the window of a first value", () => {
  marbles(({ hot, expectObservable }) => {
    expectObservable(hot("ab--c-----").pipe(burst(3))).toBe("---x---y--", { x: ["a", "b"], y: ["c"] })
  })
})
