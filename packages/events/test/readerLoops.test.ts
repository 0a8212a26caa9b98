import { EventLog } from "../src/EventLog.ts"
import { handleEach } from "../src/handleEach.ts"
import { makeIterateEvents } from "../src/internal/promise/iterateEvents.ts"
import { accountEvents } from "../src/internal/monitor/accountEvents.ts"
import { newestCursor } from "../src/internal/monitor/newestCursor.ts"
import { accountReaders } from "../src/internal/readers/accountReaders.ts"
import { readerObservable } from "../src/internal/rx/ReaderEvent.ts"
import { parseCursor } from "@blink-streams/model"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, ManagedRuntime } from "effect"
import { firstValueFrom, lastValueFrom, of, retry, take, tap, timer, toArray } from "rxjs"
import { account, motions } from "./fixtures.ts"

const reader = { reader: "porch-light", since: "beginning" } as const
const seqOf = ({ cursor }: { readonly cursor: string }) => Number(parseCursor(cursor)!.seq)
const errorOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => null,
    (error: unknown) => error,
  )

/** A log with the events 1 to `count`, and its events as promises and observables. */
const openLog = async (count: number) => {
  const runtime = ManagedRuntime.make(EventLog.layerMemory)
  const log = await runtime.runPromise(Effect.service(EventLog))
  const closed = Deferred.makeUnsafe<void>()
  const append = (from: number, to: number) =>
    runtime.runPromise(log.append({ account, events: motions(from, to) }))
  await append(1, count)
  const readers = accountReaders(log, account)
  const close = () => {
    Deferred.doneUnsafe(closed, Effect.void)
    return runtime.dispose()
  }
  return {
    events: makeIterateEvents(
      {
        newestCursor: newestCursor(log),
        events: (options = {}) => accountEvents(log, account, options),
        deliveries: readers.deliveries,
      },
      Deferred.await(closed),
    ),
    events$: () => readerObservable(readers.deliveries(reader)),
    position: async () => seqOf((await runtime.runPromise(readers.readers))[0]!),
    append,
    close,
    [Symbol.asyncDispose]: close,
  }
}

describe("for await", () => {
  it("A loop begins at the time of the call of events(), also when it reads later", async () => {
    await using log = await openLog(1)
    const [live, durable] = [log.events(), log.events({ reader: "late" })]
    await log.append(2, 3)
    for (const events of [live, durable]) {
      const seqs: Array<number> = []
      for await (const event of events) if (seqs.push(seqOf(event)) === 2) break
      assert.deepStrictEqual(seqs, [2, 3])
    }
  })

  it("The position moves when the loop asks for the next event, not while one is handled", async () => {
    await using log = await openLog(3)
    const positions: Array<readonly [number, number]> = []
    for await (const event of log.events(reader)) {
      await new Promise((resume) => setImmediate(resume))
      positions.push([seqOf(event), await log.position()])
      if (positions.length === 3) break
    }
    assert.deepStrictEqual(positions, [
      [1, 0],
      [2, 1],
      [3, 2],
    ])
  })

  it("break and throw leave the event in hand for the next loop", async () => {
    await using log = await openLog(5)
    for await (const event of log.events(reader)) if (seqOf(event) === 2) break
    const thrown = new Error("the lamp is broken")
    const failed = await errorOf(
      (async () => {
        for await (const event of log.events(reader)) {
          assert.strictEqual(seqOf(event), 2)
          throw thrown
        }
      })(),
    )
    assert.strictEqual(failed, thrown)
    const handled: Array<number> = []
    for await (const event of log.events(reader)) if (handled.push(seqOf(event)) === 4) break
    assert.deepStrictEqual(handled, [2, 3, 4, 5])
  })

  it("A second loop of one reader rejects with ReaderInUse and the first goes on", async () => {
    await using log = await openLog(2)
    const second = async () => {
      for await (const _ of log.events(reader)) assert.fail("the second loop got an event")
    }
    const handled: Array<number> = []
    for await (const event of log.events(reader)) {
      const error = await errorOf(second())
      assert.deepInclude(error, { code: "ReaderInUse", retryable: true })
      assert.include(String(error), '"porch-light" is open already')
      if (handled.push(seqOf(event)) === 2) break
    }
    assert.deepStrictEqual(handled, [1, 2])
  })

  it("A name that is none rejects with InvalidReaderName", async () => {
    await using log = await openLog(1)
    for (const name of ["", "two\nlines", "x".repeat(65)]) {
      const error = await errorOf(log.events({ reader: name })[Symbol.asyncIterator]().next())
      assert.deepInclude(error, { code: "InvalidReaderName", retryable: false })
    }
  })

  it("Replayed events wait for a loop that begins later, and new ones follow", async () => {
    await using log = await openLog(28)
    const events = log.events(reader)
    await log.append(29, 30)
    const handled: Array<number> = []
    for await (const event of events) if (handled.push(seqOf(event)) === 30) break
    assert.deepStrictEqual(
      handled,
      Array.from({ length: 30 }, (_, index) => index + 1),
    )
  })

  it("A loop ends without an error when its signal is aborted or the account is closed while it handles", async () => {
    const log = await openLog(3)
    const controller = new AbortController()
    const handled: Array<number> = []
    for await (const event of log.events({ ...reader, signal: controller.signal })) {
      handled.push(seqOf(event))
      controller.abort()
    }
    assert.strictEqual(await log.position(), 1)
    for await (const event of log.events({ ...reader, save: "each" })) {
      handled.push(seqOf(event))
      await log.close()
    }
    assert.deepStrictEqual(handled, [1, 2])
  })
})

describe("RxJS", () => {
  it("An emitted event does not move the position; ack moves it up to the first event without", async () => {
    await using log = await openLog(4)
    const events: Array<{ readonly ack: () => void; readonly cursor: string }> = []
    const subscription = log.events$().subscribe((event) => events.push(event))
    while (events.length < 4) await new Promise((resume) => setImmediate(resume))
    assert.strictEqual(await log.position(), 0)
    for (const [index, position] of [
      [1, 0],
      [2, 0],
      [0, 3],
      [0, 3],
      [3, 4],
    ] as const) {
      events[index]!.ack()
      assert.strictEqual(await log.position(), position)
    }
    subscription.unsubscribe()
    events[3]!.ack()
    assert.throws(() => Object.assign(events[0]!, { cursor: "" }), TypeError)
  })

  it("handleEach marks an event as handled once its promise or observable has completed, in order", async () => {
    await using log = await openLog(4)
    const seen: Array<readonly [number, number]> = []
    const handler = (event: { readonly cursor: string }) => {
      const seq = seqOf(event)
      const done = async () => {
        await new Promise((resume) => setImmediate(resume))
        seen.push([seq, await log.position()])
      }
      return seq % 2 === 0 ? done() : timer(0).pipe(tap(() => seen.push([seq, -1])))
    }
    const emitted = await firstValueFrom(log.events$().pipe(handleEach(handler), take(4), toArray()))
    assert.deepStrictEqual(emitted.map(seqOf), [1, 2, 3, 4])
    assert.deepStrictEqual(seen, [
      [1, -1],
      [2, 1],
      [3, -1],
      [4, 3],
    ])
    assert.strictEqual(await log.position(), 4)
  })

  it("handleEach errors with the handler's error and leaves its event and later ones unhandled", async () => {
    await using log = await openLog(4)
    const thrown = new Error("the lamp is broken")
    for (const fail of [
      () => Promise.reject(thrown),
      () => {
        throw thrown
      },
    ]) {
      const handled: Array<number> = []
      const running = log.events$().pipe(
        handleEach((event) => (seqOf(event) === 3 ? fail() : of(handled.push(seqOf(event)))), {
          concurrency: 2,
        }),
      )
      assert.strictEqual(await errorOf(lastValueFrom(running)), thrown)
      assert.strictEqual(await log.position(), 2)
    }
  })

  it("retry subscribes again at the event that was not handled", async () => {
    await using log = await openLog(4)
    const tried: Array<number> = []
    const flaky = (event: { readonly cursor: string }) => {
      tried.push(seqOf(event))
      if (tried.length === 3) throw new Error("the lamp is broken")
      return of(null)
    }
    await lastValueFrom(log.events$().pipe(handleEach(flaky), retry(1), take(4)))
    assert.deepStrictEqual(tried, [1, 2, 3, 3, 4])
  })

  it("A second subscription of one reader errors with ReaderInUse while the first goes on", async () => {
    await using log = await openLog(1)
    const events$ = log.events$()
    const seen: Array<number> = []
    const second = new Promise((resolve) => {
      events$.subscribe((event) => {
        if (seen.push(seqOf(event)) === 1) resolve(errorOf(firstValueFrom(events$)))
      })
    })
    assert.deepInclude(await second, { code: "ReaderInUse" })
    await log.append(2, 2)
    while (seen.length < 2) await new Promise((resume) => setImmediate(resume))
    assert.deepStrictEqual(seen, [1, 2])
  })
})
