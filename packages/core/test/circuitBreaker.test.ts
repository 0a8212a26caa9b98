import { makeCircuitBreaker } from "../src/internal/rateLimit/circuitBreaker.ts"
import { assert, it } from "@effect/vitest"

const minute = 60_000

/** A circuit breaker with calls that fail at once, at a time in milliseconds. */
const makeFailingCloud = () => {
  const breaker = makeCircuitBreaker()
  const fail = (
    call: string,
    now: number,
    set: { readonly isPoll?: boolean; readonly sentAt?: number } = {},
  ) => breaker.onFailure({ call, isPoll: call === "poll", status: 503, sentAt: now, now, ...set }, 1)
  /** Opens the circuit at the first of two times. */
  const open = (now: number) => {
    for (const time of [now - 8_000, now]) {
      fail("poll", time)
      fail("media", time)
    }
  }
  return { ...breaker, fail, open }
}

it("The circuit opens at the second failure of the second call, and not before", () => {
  const { fail, current } = makeFailingCloud()
  assert.deepStrictEqual(
    [fail("poll", 0), fail("media", 0), fail("poll", 8_000), fail("media", 8_000)],
    [false, false, false, true],
  )
  assert.deepStrictEqual(current(8_000), { until: 8_000 + minute, length: minute, status: 503 })
})

it("The circuit stays closed until the failures last for 8 seconds", () => {
  const { fail } = makeFailingCloud()
  for (const time of [1, 2, 8_000]) {
    assert.isFalse(fail("poll", time))
    assert.isFalse(fail("media", time))
  }
  assert.isTrue(fail("media", 8_001))
})

it("The time of the failures starts with the first of any call", () => {
  const { fail } = makeFailingCloud()
  assert.isFalse(fail("poll", 100_000))
  assert.isFalse(fail("poll", 103_000))
  assert.isFalse(fail("media", 104_000))
  assert.isTrue(fail("media", 108_000))
})

it("The circuit stays closed while one call fails, however often", () => {
  const { fail, current } = makeFailingCloud()
  for (const time of [0, 10_000, 20_000, 30_000]) assert.isFalse(fail("poll", time))
  assert.isNull(current(30_000))
})

it("The circuit opens when any failing call is a poll, and not without one", () => {
  const { fail } = makeFailingCloud()
  for (const time of [0, 10_000, 20_000])
    for (const call of ["media", "usage", "config"]) assert.isFalse(fail(call, time))
  assert.isFalse(fail("poll", 30_000))
  assert.isTrue(fail("poll", 40_000))
})

it("The circuit is open until the end of the phase, for the duration times the jitter, rounded up", () => {
  const { onFailure, current } = makeCircuitBreaker()
  for (const now of [0, 8_000])
    for (const call of ["a", "b"]) onFailure({ call, isPoll: true, status: 500, sentAt: now, now }, 1.000_001)
  assert.strictEqual(current(8_000)?.length, 60_001)
  assert.strictEqual(current(68_000)?.until, 68_001)
  assert.isNull(current(68_001))
})

it("The open phase lasts 1, 2, then 5 minutes, and one failure of each call starts the next", () => {
  const { fail, current, open } = makeFailingCloud()
  open(10_000)
  let now = 10_000
  for (const minutes of [1, 2, 5, 5]) {
    assert.strictEqual(current(now)?.length, minutes * minute)
    now += minutes * minute
    assert.isFalse(fail("poll", now))
    assert.isNull(current(now))
    assert.isTrue(fail("media", now))
  }
})

it("The circuit ignores the failures of requests that were sent before the end of the open phase", () => {
  const { fail, open } = makeFailingCloud()
  open(10_000)
  const end = 10_000 + minute
  assert.isFalse(fail("poll", end + 1, { sentAt: end - 1 }))
  assert.isFalse(fail("media", end + 1, { sentAt: end - 1 }))
  assert.isFalse(fail("poll", end + 1, { sentAt: end }))
  assert.isTrue(fail("media", end + 1, { sentAt: end }))
})

it("A success closes the circuit, forgets the failures and restarts the durations", () => {
  const { fail, current, open, onSuccess } = makeFailingCloud()
  assert.isFalse(onSuccess())
  open(10_000)
  assert.isTrue(onSuccess())
  assert.isFalse(onSuccess())
  assert.isNull(current(10_001))
  assert.deepStrictEqual(
    [fail("poll", 20_000), fail("media", 20_000), fail("poll", 28_000), fail("media", 28_000)],
    [false, false, false, true],
  )
  assert.strictEqual(current(28_000)?.length, minute)
})

it("A success between two failures of each call keeps the circuit closed", () => {
  const { fail, onSuccess } = makeFailingCloud()
  fail("poll", 0)
  fail("media", 0)
  onSuccess()
  assert.isFalse(fail("poll", 10_000))
  assert.isFalse(fail("media", 10_000))
})

it("A clock that is set back neither extends the open phase nor the time of the failures", () => {
  const { current, open } = makeFailingCloud()
  open(100 * minute)
  assert.strictEqual(current(50 * minute)?.until, 51 * minute)
  assert.strictEqual(current(50 * minute + 1)?.until, 51 * minute)
  assert.isNull(current(51 * minute))

  const later = makeFailingCloud()
  later.fail("poll", 100 * minute)
  later.fail("media", 100 * minute)
  for (const time of [0, 7_999]) {
    assert.isFalse(later.fail("poll", time))
    assert.isFalse(later.fail("media", time))
  }
  assert.isTrue(later.fail("media", 8_000))
})
