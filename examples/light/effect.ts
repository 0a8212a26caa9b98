/**
 * Effect: switches a light on at motion while the system is armed, and off 60 s after the last motion.
 *
 * Needs `session.json` of `blink-streams login` in BLINK_STREAMS_DIR, or in the working directory.
 *
 *     node examples/light/effect.ts "Living Room" 60
 */
import { TokenStore } from "@blink-streams/core"
import { AccountMonitor, monitorLayer } from "@blink-streams/events"
import { runMain } from "@effect/platform-node/NodeRuntime"
import { Console, Effect, Stream, SubscriptionRef } from "effect"

const { BLINK_API_URL: apiUrl, BLINK_OAUTH_URL: oauthUrl, BLINK_STREAMS_DIR: folder = "." } = process.env
const [lamp = "Living Room", seconds = "60"] = process.argv.slice(2)

const program = Effect.gen(function* () {
  const monitor = yield* AccountMonitor
  const state = () => SubscriptionRef.getUnsafe(monitor.state)
  const armed = () => state().networks.flatMap(({ id, arm }) => (arm.state === "armed" ? id : []))
  const light = (on: boolean) =>
    Effect.forEach(state().cameras, ({ name, networkId: network, kind, id: camera }) => {
      const command = { name: "light", network, kind, camera, args: { on } } as const
      return name === lamp ? Stream.runDrain(monitor.command(command)) : Effect.void
    })
  yield* Console.log(`${lamp} waits for motion`)
  yield* monitor.events({ kinds: ["motion"] }).pipe(
    Stream.filter(({ subject }) => armed().some((id) => id === subject.network)),
    Stream.tap(({ subject }) => Console.log(`motion: ${subject.name}, light on`)),
    Stream.switchMap(() =>
      Stream.fromEffect(Effect.andThen(light(true), Effect.sleep(Number(seconds) * 1_000))),
    ),
    Stream.mapEffect(() => light(false)),
    Stream.runDrain,
  )
})

const store = TokenStore.layerFile(`${folder}/session.json`)
const log = `${folder}/events.db`
runMain(Effect.provide(program, monitorLayer({ store, log, apiUrl, oauthUrl })))
