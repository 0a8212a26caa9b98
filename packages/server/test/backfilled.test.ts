import type { BlinkEvent } from "@blink-streams/model"
import type { Filter } from "@blink-streams/protocol"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { matchesSubscription } from "../src/internal/replay/matchesSubscription.ts"
import { TestClient } from "./TestClient.ts"
import { account, armed, cursorAt, motion, secret, startServer, stateAt } from "./testServer.ts"

const backfilled = (number: number): BlinkEvent => ({ ...motion(number), backfilled: true })

/** A log with history before and after an event that was observed as it occurred. */
const logged = [backfilled(1), motion(2), backfilled(3)]
/** Appended while clients are connected. */
const later = [backfilled(4), motion(5)]

const startFilledServer = Effect.gen(function* () {
  const server = yield* startServer()
  yield* server.log.append({ account, events: logged, state: stateAt(1) })
  return server
})

describe("Events from before the first poll", () => {
  for (const [title, filter, expected] of [
    ["without a filter", undefined, [2, 5]],
    ["with a filter that does not name them", { minSeverity: "info" }, [2, 5]],
    ["with `backfilled: false`", { backfilled: false }, [2, 5]],
    ["with `backfilled: true`", { backfilled: true }, [1, 2, 3, 4, 5]],
  ] satisfies ReadonlyArray<readonly [string, Filter | undefined, ReadonlyArray<number>]>)
    it.live(
      `A subscription ${title} receives motions ${expected.join(", ")} of five, replayed and live`,
      () =>
        Effect.gen(function* () {
          const { log, socketUrl } = yield* startFilledServer
          const peer = yield* Effect.promise(() => new TestClient(socketUrl).authenticate(secret))
          const since = cursorAt(log, 0)
          peer.send({ type: "subscribe", id: "s", topics: ["*"], since, ...(filter ? { filter } : {}) })
          yield* Effect.promise(() => peer.next("snapshot"))
          yield* log.append({ account, events: [...later, armed(1, "armed")] })
          yield* Effect.promise(() =>
            peer.nextThat(
              (message): message is typeof message =>
                message.type === "event" && message.event.kind === "arm.changed",
            ),
          )
          const received = peer.received.flatMap((message) =>
            message.type === "event" && message.event.kind === "motion" ? [message.event] : [],
          )
          assert.deepStrictEqual(
            received.map(({ data }) => Number(data.clipId)),
            expected,
          )
          assert.deepStrictEqual(
            received.filter((event) => event.backfilled === true).map(({ data }) => Number(data.clipId)),
            expected.filter((number) => [1, 3, 4].includes(number)),
          )
        }).pipe(Effect.scoped),
    )

  it.live("Two subscriptions of one peer receive them separately", () =>
    Effect.gen(function* () {
      const { log, socketUrl } = yield* startServer()
      const peer = yield* Effect.promise(() => new TestClient(socketUrl).authenticate(secret))
      peer.send({ type: "subscribe", id: "new", topics: ["*"] })
      peer.send({ type: "subscribe", id: "all", topics: ["*"], filter: { backfilled: true } })
      yield* Effect.promise(() => peer.nextMany("snapshot", 2))
      yield* log.append({ account, events: later })
      const events = yield* Effect.promise(() => peer.nextMany("event", 2))
      assert.deepStrictEqual(
        events.map(({ sub }) => [...sub].sort()),
        [["all"], ["all", "new"]],
      )
    }).pipe(Effect.scoped),
  )

  it("A subscription that begins at `beginning` includes them unless its filter says otherwise", () => {
    const matches = (filter?: Filter) =>
      matchesSubscription({ topics: ["*"], since: "beginning", ...(filter ? { filter } : {}) }, backfilled(1))
    assert.isTrue(matches())
    assert.isTrue(matches({ kinds: ["motion"] }))
    assert.isFalse(matches({ backfilled: false }))
  })

  it.live("A page of the log and an event stream contain them with `backfilled=true` only", () =>
    Effect.gen(function* () {
      const { log, url } = yield* startFilledServer
      const get = (query: string, accept: string) =>
        Effect.promise(async () => {
          const headers = { authorization: `Bearer ${secret}`, accept }
          const abort = new AbortController()
          const response = await fetch(`${url}v1/events?${query}`, { headers, signal: abort.signal })
          let text = ""
          for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
            text += chunk
            if (text.includes(`"arm.changed"`)) break
          }
          abort.abort()
          return [...text.matchAll(/"id":"motion:(\d+)"/g)].map(([, number]) => Number(number))
        })
      yield* log.append({ account, events: [armed(1, "armed")] })
      const since = `since=${cursorAt(log, 0)}`
      for (const query of [since, "limit=10"])
        for (const [flag, expected] of [
          ["", [2]],
          ["&backfilled=false", [2]],
          ["&backfilled=true", [1, 2, 3]],
        ] as const)
          assert.deepStrictEqual(yield* get(`${query}${flag}`, "application/json"), [...expected], flag)
      assert.deepStrictEqual(yield* get(since, "text/event-stream"), [2])
      assert.deepStrictEqual(yield* get(`${since}&backfilled=true`, "text/event-stream"), [1, 2, 3])
    }).pipe(Effect.scoped),
  )
})
