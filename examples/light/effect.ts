/**
 * Effect: switches a light on at motion while the system is armed, and off 60 s after the last motion.
 *
 * Needs `session.json` of `blink-streams login` in BLINK_STREAMS_DIR, or in the working directory.
 *
 *     node examples/light/effect.ts "Living Room" 60
 */
import { BlinkAccount, TokenStore } from "@blink-streams/core"
import { AccountMonitor, EventLog } from "@blink-streams/events"
import { runMain } from "@effect/platform-node/NodeRuntime"
import { Console, Effect, Layer, Stream, SubscriptionRef } from "effect"
import { FetchHttpClient } from "effect/http"

const { BLINK_API_URL: apiUrl, BLINK_OAUTH_URL: oauthUrl, BLINK_STREAMS_DIR: folder = "." } = process.env
const [lamp = "Living Room", seconds = "60"] = process.argv.slice(2)

const program = Effect.gen(function* () {
  const monitor = yield* AccountMonitor
  const state = SubscriptionRef.get(monitor.state)
  const light = Effect.fn("light")(function* (on: boolean) {
    const camera = (yield* state).cameras.find(({ name }) => name === lamp)
    if (camera === undefined) return yield* Console.log(`there is no camera "${lamp}"`)
    const { networkId: network, kind, id } = camera
    return yield* Stream.runDrain(monitor.command({ name: "light", network, kind, camera: id, args: { on } }))
  })
  yield* Console.log(`${lamp} waits for motion`)
  yield* monitor.events({ kinds: ["motion"] }).pipe(
    Stream.filterEffect(({ subject }) =>
      Effect.map(state, ({ networks }) =>
        networks.some(({ id, arm }) => id === subject.network && arm.state === "armed"),
      ),
    ),
    Stream.tap(({ subject }) => Console.log(`motion: ${subject.name}, light on`)),
    Stream.switchMap(() =>
      Stream.concat(
        Stream.fromEffect(light(true)),
        Stream.fromEffect(Effect.delay(light(false), `${Number(seconds)} seconds`)),
      ),
    ),
    Stream.runDrain,
  )
})

const store = TokenStore.layerFile(`${folder}/session.json`)
const account = BlinkAccount.layer({ config: { apiUrl, oauthUrl }, store })
const log = EventLog.layerSqlite({ filename: `${folder}/events.db` })
const services = Layer.mergeAll(Layer.provide(account, FetchHttpClient.layer), log)
runMain(Effect.provide(program, Layer.provide(AccountMonitor.layer(), services)))
