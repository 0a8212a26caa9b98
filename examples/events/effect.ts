/**
 * Effect: prints the arm state of each system, then motion and arm events.
 *
 * Needs `session.json` of `blink-streams login` in BLINK_STREAMS_DIR, or in the working directory.
 *
 *     node examples/events/effect.ts
 */
import { BlinkAccount, TokenStore } from "@blink-streams/core"
import { EventLog, AccountMonitor } from "@blink-streams/events"
import { runMain } from "@effect/platform-node/NodeRuntime"
import { Console, Effect, Layer, Stream, SubscriptionRef } from "effect"
import { FetchHttpClient } from "effect/http"

const { BLINK_API_URL: apiUrl, BLINK_OAUTH_URL: oauthUrl, BLINK_STREAMS_DIR: folder = "." } = process.env

const program = Effect.gen(function* () {
  const monitor = yield* AccountMonitor
  yield* monitor.refresh
  for (const { name, arm } of (yield* SubscriptionRef.get(monitor.state)).networks) {
    yield* Console.log(`${name} is ${arm.state}`)
  }
  yield* monitor
    .events({ kinds: ["motion", "arm.changed"] })
    .pipe(
      Stream.runForEach((event) =>
        Console.log(event.cursor, event.kind, event.subject.name, JSON.stringify(event.data)),
      ),
    )
})

const Live = AccountMonitor.layer().pipe(
  Layer.provide(
    BlinkAccount.layer({
      config: { apiUrl, oauthUrl },
      store: TokenStore.layerFile(`${folder}/session.json`),
    }),
  ),
  Layer.provide(FetchHttpClient.layer),
  Layer.provide(EventLog.layerSqlite({ filename: `${folder}/events.db` })),
)

runMain(Effect.provide(program, Live))
