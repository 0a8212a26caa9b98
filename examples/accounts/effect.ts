/**
 * Effect: arms and disarms all systems of a second account with those of the first one.
 *
 * Needs the sessions of both accounts, `first.json` and `second.json`, in BLINK_STREAMS_DIR or in the working directory.
 *
 *     node examples/accounts/effect.ts
 */
import { BlinkAccount, TokenStore } from "@blink-streams/core"
import { AccountMonitors, EventLog } from "@blink-streams/events"
import { runMain } from "@effect/platform-node/NodeRuntime"
import { Console, Effect, Layer, Stream, SubscriptionRef } from "effect"
import { FetchHttpClient } from "effect/http"

const { BLINK_API_URL: apiUrl, BLINK_OAUTH_URL: oauthUrl, BLINK_STREAMS_DIR: folder = "." } = process.env

const account = (file: string) => {
  const store = TokenStore.layerFile(`${folder}/${file}`)
  return Layer.provide(BlinkAccount.layer({ config: { apiUrl, oauthUrl }, store }), FetchHttpClient.layer)
}

const program = Effect.gen(function* () {
  const monitors = yield* AccountMonitors
  const first = yield* monitors.add(account("first.json"))
  const second = yield* monitors.add(account("second.json"))
  yield* Effect.all([first.refresh, second.refresh])
  yield* Console.log("following", first.account)
  yield* first.handleEvents({ reader: "follow", kinds: ["arm.changed"] }, ({ data }) => {
    if (!("by" in data) || (data.to !== "armed" && data.to !== "disarmed")) return Effect.void
    const name = data.to === "armed" ? "arm" : "disarm"
    return Effect.forEach(SubscriptionRef.getUnsafe(second.state).networks, ({ id, name: system }) =>
      second
        .command({ name, network: id })
        .pipe(Stream.runDrain, Effect.andThen(Console.log(`${system} is ${data.to}`))),
    )
  })
})

const log = EventLog.layerSqlite({ filename: `${folder}/events.db` })
runMain(Effect.provide(program, Layer.provide(AccountMonitors.layer, log)))
