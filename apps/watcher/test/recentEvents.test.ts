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

it("recentEvents returns the cursors of the newest events and the cursor before them, and none without access", () =>
  Effect.gen(function* () {
    const { log, url } = yield* startServer()
    const http = httpClient({ url, token: secret })
    expect(yield* Effect.promise(() => recentEvents(http))).toEqual({
      since: cursorAt(log, 0),
      seen: new Set(),
    })
    yield* log.append({ account, events: motions(1, 510), state: stateAt(1) })
    const recent = yield* Effect.promise(() => recentEvents(http))
    expect(recent.since).toBe(cursorAt(log, 10))
    expect(recent.seen.size).toBe(500)
    expect(recent.seen.has(cursorAt(log, 510))).toBe(true)
    expect(recent.seen.has(cursorAt(log, 10))).toBe(false)
    expect(yield* Effect.promise(() => recentEvents(httpClient({ url, token: "wrong" })))).toEqual({
      since: null,
      seen: new Set(),
    })
  }).pipe(Effect.scoped, Effect.runPromise))
