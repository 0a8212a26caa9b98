/**
 * Effect: handles each motion, also those from while it was not running.
 * After a crash it continues with the event in hand, and repeats what was handled in the last second.
 *
 * Needs `session.json` of `blink-streams login` in BLINK_STREAMS_DIR, or in the working directory.
 *
 *     node examples/resume/effect.ts
 */
import { TokenStore } from "@blink-streams/core"
import { AccountMonitor, monitorLayer } from "@blink-streams/events"
import { runMain } from "@effect/platform-node/NodeRuntime"
import { Console, Effect } from "effect"

const { BLINK_API_URL: apiUrl, BLINK_OAUTH_URL: oauthUrl, BLINK_STREAMS_DIR: folder = "." } = process.env

const program = AccountMonitor.use((monitor) =>
  monitor.handleEvents({ reader: "resume", kinds: ["motion"] }, (event) =>
    Console.log("begin", event.id, event.replayed ? "replayed" : "live").pipe(
      Effect.andThen(Effect.sleep("500 millis")), // your work; the event is handled when it has succeeded
      Effect.andThen(Console.log("end", event.id)),
    ),
  ),
)

const store = TokenStore.layerFile(`${folder}/session.json`)
const log = `${folder}/events.db`
runMain(Effect.provide(program, monitorLayer({ store, log, apiUrl, oauthUrl })))
