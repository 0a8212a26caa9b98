import { Effect } from "effect"
import { expect, it } from "vitest"
import {
  account,
  cursorAt,
  motions,
  secret,
  startServer,
  stateAt,
} from "../../../packages/server/test/testServer.ts"
import { readEvent, recentEvents } from "../src/http/logReader.ts"

it("recentEvents returns the cursors of the newest events and the cursor before them", () =>
  Effect.gen(function* () {
    const { log, url } = yield* startServer()
    const broadcaster = { url, token: secret }
    expect(yield* Effect.promise(() => recentEvents(broadcaster))).toEqual({
      since: cursorAt(log, 0),
      cursors: new Set(),
    })
    yield* log.append({ account, events: motions(1, 510), state: stateAt(1) })
    const recent = yield* Effect.promise(() => recentEvents(broadcaster))
    expect(recent?.since).toBe(cursorAt(log, 10))
    expect(recent?.cursors.size).toBe(500)
    expect(recent?.cursors.has(cursorAt(log, 510))).toBe(true)
    expect(recent?.cursors.has(cursorAt(log, 10))).toBe(false)
    expect(yield* Effect.promise(() => recentEvents({ url, token: "wrong" }))).toBeNull()
  }).pipe(Effect.scoped, Effect.runPromise))

it("readEvent returns the event of a cursor with newly signed URLs, and null for other text", () =>
  Effect.gen(function* () {
    const { log, url } = yield* startServer()
    const broadcaster = { url, token: secret }
    yield* log.append({ account, events: motions(1, 5), state: stateAt(1) })
    const event = yield* Effect.promise(() => readEvent(broadcaster, cursorAt(log, 3)))
    expect(event).toMatchObject({
      id: "motion:3",
      data: { thumbnail: expect.stringContaining("signature=") },
    })
    for (const text of ["yesterday", cursorAt(log, 0), cursorAt(log, 9)])
      expect(yield* Effect.promise(() => readEvent(broadcaster, text))).toBeNull()
  }).pipe(Effect.scoped, Effect.runPromise))
