import { assert, describe, it } from "@effect/vitest"
import { fromObservable } from "../src/fromObservable.ts"
import { shareEvents } from "../src/shareEvents.ts"
import { shareState } from "../src/shareState.ts"
import { toObservable } from "../src/toObservable.ts"
import { Context, Deferred, Effect, Fiber, Queue, Stream } from "effect"
import { defer, EMPTY, from, lastValueFrom, Observable, Subject, throwError, toArray } from "rxjs"

class Factor extends Context.Service<Factor, number>()("test/Factor") {}

describe("toObservable", () => {
  it.live("toObservable emits every value with the given services, then completes", () =>
    Effect.gen(function* () {
      const doubled = Stream.mapEffect(Stream.make(1, 2, 3), (n) =>
        Factor.use((factor) => Effect.succeed(n * factor)),
      )
      const values$ = toObservable(doubled, Context.make(Factor, 2)).pipe(toArray())
      assert.deepStrictEqual(yield* Effect.promise(() => lastValueFrom(values$)), [2, 4, 6])
    }),
  )

  it.live("toObservable emits the stream's own error after the values before it", () =>
    Effect.gen(function* () {
      const seen: Array<number> = []
      const source = Stream.concat(Stream.make(1), Stream.fail("broken" as const))
      const error = yield* Effect.callback<unknown>((resume) => {
        toObservable(source, Context.empty()).subscribe({
          next: (n) => seen.push(n),
          error: (cause: unknown) => resume(Effect.succeed(cause)),
        })
      })
      assert.deepStrictEqual([seen, error], [[1], "broken"])
    }),
  )

  it.live("toObservable runs nothing before it is subscribed to, and once per subscriber", () =>
    Effect.gen(function* () {
      let runs = 0
      const counted = Stream.fromEffect(Effect.sync(() => ++runs))
      const runs$ = toObservable(counted, Context.empty())
      assert.strictEqual(runs, 0)
      yield* Effect.promise(() => Promise.all([lastValueFrom(runs$), lastValueFrom(runs$)]))
      assert.strictEqual(runs, 2)
    }),
  )

  it.live("toObservable interrupts the stream and runs its finalizers on unsubscription", () =>
    Effect.gen(function* () {
      const started = yield* Deferred.make<void>()
      const ended = yield* Deferred.make<void>()
      const endless = Stream.fromEffect(Deferred.succeed(started, undefined)).pipe(
        Stream.concat(Stream.never),
        Stream.ensuring(Deferred.succeed(ended, undefined)),
      )
      const subscription = toObservable(endless, Context.empty()).subscribe()
      yield* Deferred.await(started)
      subscription.unsubscribe()
      yield* Deferred.await(ended)
    }),
  )
})

describe("fromObservable", () => {
  it.live("fromObservable emits every value and ends with the observable", () =>
    Effect.gen(function* () {
      const values = yield* Stream.runCollect(fromObservable(from([1, 2, 3]), String))
      assert.deepStrictEqual([...values], [1, 2, 3])
    }),
  )

  it.live("fromObservable converts the observable's error to the stream's", () =>
    Effect.gen(function* () {
      const failed = fromObservable(
        throwError(() => new Error("lost")),
        (cause) => `converted: ${(cause as Error).message}`,
      )
      assert.strictEqual(yield* Effect.flip(Stream.runDrain(failed)), "converted: lost")
    }),
  )

  it.live("fromObservable unsubscribes when the stream ends early", () =>
    Effect.gen(function* () {
      let subscribed = 0
      const endless = new Observable<number>((subscriber) => {
        subscribed += 1
        subscriber.next(1)
        return () => {
          subscribed -= 1
        }
      })
      yield* fromObservable(endless, String).pipe(Stream.take(1), Stream.runDrain)
      assert.strictEqual(subscribed, 0)
    }),
  )

  it.live("fromObservable delivers 1,024 waiting values and then fails with a RangeError by default", () =>
    Effect.gen(function* () {
      const seen: Array<number> = []
      const burst = new Observable<number>((subscriber) => {
        for (let n = 1; n <= 2_000 && !subscriber.closed; n += 1) subscriber.next(n)
      })
      const error = yield* fromObservable(burst, (cause) => cause).pipe(
        Stream.runForEach((n) => Effect.sync(() => seen.push(n))),
        Effect.flip,
      )
      assert.instanceOf(error, RangeError)
      assert.deepStrictEqual([seen.length, seen.at(-1)], [1024, 1024])
    }),
  )

  it.live("fromObservable drops the new values of a burst with a dropping buffer", () =>
    Effect.gen(function* () {
      const values = yield* Stream.runCollect(
        fromObservable(from([1, 2, 3, 4, 5]), String, { bufferSize: 2, strategy: "dropping" }),
      )
      assert.deepStrictEqual([...values], [1, 2])
    }),
  )

  it.live("fromObservable keeps the newest values of a burst with a sliding buffer", () =>
    Effect.gen(function* () {
      const gate = yield* Queue.unbounded<number>()
      const source = new Subject<number>()
      const slow = fromObservable(source, String, { bufferSize: 2, strategy: "sliding" })
      const fiber = yield* slow.pipe(
        Stream.mapEffect((n) => Effect.as(Queue.take(gate), n)),
        Stream.runCollect,
        Effect.forkChild,
      )
      while (!source.observed) yield* Effect.yieldNow
      source.next(1)
      yield* Effect.yieldNow
      for (const n of [2, 3, 4, 5, 6]) source.next(n)
      source.complete()
      yield* Queue.offerAll(gate, [0, 0, 0, 0, 0, 0])
      const values = [...(yield* Fiber.join(fiber))]
      assert.deepStrictEqual(values.slice(-2), [5, 6])
      assert.isBelow(values.length, 6)
    }),
  )
})

describe("sharing", () => {
  it("shareState replays the latest value to late subscribers from one upstream", () => {
    let upstreams = 0
    const shared$ = defer(() => {
      upstreams += 1
      return new Observable<string>((subscriber) => subscriber.next("newest"))
    }).pipe(shareState(1000))
    const received: Array<string> = []
    const first = shared$.subscribe((value) => received.push(value))
    const second = shared$.subscribe((value) => received.push(value))
    assert.deepStrictEqual([received, upstreams], [["newest", "newest"], 1])
    first.unsubscribe()
    second.unsubscribe()
  })

  it("shareEvents does not replay events to late subscribers", () => {
    const source = new Subject<number>()
    const shared$ = source.pipe(shareEvents(0))
    const first: Array<number> = []
    const second: Array<number> = []
    shared$.subscribe((n) => first.push(n))
    source.next(1)
    shared$.subscribe((n) => second.push(n))
    source.next(2)
    assert.deepStrictEqual([first, second], [[1, 2], [2]])
  })

  it.live("shareState unsubscribes from the upstream after the grace period", () =>
    Effect.gen(function* () {
      const released = yield* Deferred.make<void>()
      let open = 0
      const shared$ = new Observable<never>(() => {
        open += 1
        return () => {
          open -= 1
          Effect.runSync(Deferred.succeed(released, undefined))
        }
      }).pipe(shareState(20))
      shared$.subscribe().unsubscribe()
      assert.strictEqual(open, 1)
      yield* Deferred.await(released)
      assert.strictEqual(open, 0)
    }),
  )
})

it.live("toObservable and fromObservable together keep all values", () =>
  Effect.gen(function* () {
    const values = [1, 2, 3]
    const back = yield* Stream.runCollect(
      fromObservable(toObservable(Stream.fromIterable(values), Context.empty()), String),
    )
    assert.deepStrictEqual([...back], values)
    assert.deepStrictEqual([...(yield* Stream.runCollect(fromObservable(EMPTY, String)))], [])
  }),
)
