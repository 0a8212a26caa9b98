/**
 * Effect: prints the number of motions per hour and camera that the event log has.
 *
 * Needs `session.json` of `blink-streams login` in BLINK_STREAMS_DIR, or in the working directory.
 *
 *     node examples/motionCounts/effect.ts
 */
import { TokenStore } from "@blink-streams/core"
import { AccountMonitor, monitorLayer } from "@blink-streams/events"
import { runMain } from "@effect/platform-node/NodeRuntime"
import { Console, Effect, Stream } from "effect"

const { BLINK_API_URL: apiUrl, BLINK_OAUTH_URL: oauthUrl, BLINK_STREAMS_DIR: folder = "." } = process.env

const program = Effect.gen(function* () {
  const monitor = yield* AccountMonitor
  yield* monitor.refresh
  const counts = new Map<string, number>()
  yield* monitor.history({ kinds: ["motion"] }).pipe(
    Stream.runForEach(({ occurredAt, subject }) =>
      Effect.sync(() => {
        const key = `${occurredAt.slice(0, 13)}:00Z ${subject.name}`
        counts.set(key, (counts.get(key) ?? 0) + 1)
      }),
    ),
  )
  for (const [hour, count] of [...counts].toSorted(([a], [b]) => a.localeCompare(b)))
    yield* Console.log(hour, count)
})

const store = TokenStore.layerFile(`${folder}/session.json`)
const log = `${folder}/events.db`
runMain(Effect.provide(program, monitorLayer({ store, log, apiUrl, oauthUrl })))
