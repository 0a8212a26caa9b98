import { httpClient } from "@blink-streams/client/http"
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
import { recentEvents } from "../src/recentEvents.ts"

it("recentEvents returns the cursors of the newest events and the cursor before them", () =>
  Effect.gen(function* () {
    const { log, url } = yield* startServer()
    const http = httpClient({ url, token: secret })
    expect(yield* Effect.promise(() => recentEvents(http))).toEqual({
      since: cursorAt(log, 0),
      cursors: new Set(),
    })
    yield* log.append({ account, events: motions(1, 510), state: stateAt(1) })
    const recent = yield* Effect.promise(() => recentEvents(http))
    expect(recent?.since).toBe(cursorAt(log, 10))
    expect(recent?.cursors.size).toBe(500)
    expect(recent?.cursors.has(cursorAt(log, 510))).toBe(true)
    expect(recent?.cursors.has(cursorAt(log, 10))).toBe(false)
    expect(yield* Effect.promise(() => recentEvents(httpClient({ url, token: "wrong" })))).toBeNull()
  }).pipe(Effect.scoped, Effect.runPromise))
