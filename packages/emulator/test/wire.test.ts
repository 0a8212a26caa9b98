import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { makeRouter } from "../src/internal/http/makeRouter.ts"
import { publicRoute } from "../src/internal/http/Route.ts"
import { json } from "../src/internal/http/HttpResponse.ts"
import { fromBase62, toBase62 } from "../src/internal/wire/mediaPath.ts"
import { fileTime, parseTime, timestamp } from "../src/internal/wire/time.ts"
import { Scheduler } from "../src/internal/world/Scheduler.ts"

const Second = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 4_000_000_000 }))

describe("Times", () => {
  it.effect.prop("parseTime reads the output of timestamp to the second", { second: Second }, ({ second }) =>
    Effect.sync(() => assert.isTrue(parseTime(timestamp(second * 1000)) === second * 1000)),
  )

  it("fileTime has a 24-hour time and AM or PM", () => {
    assert.strictEqual(fileTime(Date.UTC(2026, 2, 13, 22, 18)), "2026_03_13__22_18PM")
    assert.strictEqual(fileTime(Date.UTC(2026, 2, 13, 0, 5)), "2026_03_13__00_05AM")
  })

  it("parseTime returns null for text that is no time", () => {
    assert.isNull(parseTime("yesterday"))
    assert.isNull(parseTime("2026-13-40T00:00:00Z"))
  })
})

it.effect.prop("fromBase62 decodes the output of toBase62", { second: Second }, ({ second }) =>
  Effect.sync(() => {
    assert.strictEqual(toBase62(second).length, 8)
    assert.isTrue(fromBase62(toBase62(second)) === second)
  }),
)

it.effect.prop(
  "Scheduler runs tasks in the order of their times, then of their creation",
  {
    times: Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 50 }))),
  },
  ({ times }) =>
    Effect.sync(() => {
      const scheduler = new Scheduler()
      const kept: Array<readonly [at: number, index: number]> = []
      for (const [index, at] of times.entries()) scheduler.add(at, (now) => kept.push([now, index]))
      scheduler.runDue(25)
      scheduler.runDue(50)
      const expected = times
        .map((at, index) => [at, index] as const)
        .toSorted(([one], [other]) => one - other)
      assert.isTrue(JSON.stringify(kept) === JSON.stringify(expected).replaceAll("-0", "0"))
    }),
)

describe("A router", () => {
  const find = makeRouter([
    publicRoute("GET /api/:anything", {}, () => json("anything")),
    publicRoute("GET /api/known", {}, () => json("known")),
    publicRoute("GET /api/known/:id/more", {}, () => json("more")),
  ])

  it("A router prefers a literal segment to a parameter", () => {
    assert.strictEqual(find("GET", "/api/known")?.route.path, "/api/known")
    assert.deepStrictEqual(find("GET", "/api/other/")?.params, { anything: "other" })
  })

  it("A router ignores extra slashes and finds GET routes for HEAD", () => {
    assert.deepStrictEqual(find("HEAD", "//api/known/7/more/")?.params, { id: "7" })
  })

  it("A router finds no route of another method", () => {
    assert.isUndefined(find("POST", "/api/known"))
    assert.isUndefined(find("GET", "/api/known/7"))
  })
})
