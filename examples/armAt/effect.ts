/**
 * Effect: arms a system at a time of day. The command ends once a poll shows that it is armed.
 *
 * Needs `session.json` of `blink-streams login` in BLINK_STREAMS_DIR, or in the working directory.
 *
 *     node examples/armAt/effect.ts Home 23:00
 */
import { TokenStore } from "@blink-streams/core"
import { AccountMonitor, monitorLayer } from "@blink-streams/events"
import { runMain } from "@effect/platform-node/NodeRuntime"
import { Console, Effect, Stream, SubscriptionRef } from "effect"

const { BLINK_API_URL: apiUrl, BLINK_OAUTH_URL: oauthUrl, BLINK_STREAMS_DIR: folder = "." } = process.env
const [system = "Home", time = "23:00"] = process.argv.slice(2)
const [hours = 23, minutes = 0] = time.split(":").map(Number)

const program = Effect.gen(function* () {
  const monitor = yield* AccountMonitor
  yield* monitor.refresh
  const network = (yield* SubscriptionRef.get(monitor.state)).networks.find(({ name }) => name === system)
  if (network === undefined) return yield* Effect.die(`there is no system "${system}"`)
  const at = new Date(Date.now()).setHours(hours, minutes, 0, 0)
  yield* Effect.sleep(at > Date.now() ? at - Date.now() : at + 24 * 3_600_000 - Date.now())
  yield* Stream.runDrain(monitor.command({ name: "arm", network: network.id }))
  return yield* Console.log(`${system} is armed`)
})

const store = TokenStore.layerFile(`${folder}/session.json`)
const log = `${folder}/events.db`
runMain(Effect.provide(program, monitorLayer({ store, log, apiUrl, oauthUrl })))
