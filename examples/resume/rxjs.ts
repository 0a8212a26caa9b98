/**
 * RxJS: handles each motion, also those from while it was not running. After a crash it continues with the event in hand.
 *
 * Needs `session.json` of `blink-streams login` in BLINK_STREAMS_DIR, or in the working directory.
 *
 *     node examples/resume/rxjs.ts
 */
import { BlinkAccount, TokenStore } from "@blink-streams/core"
import { AccountMonitor, EventLog } from "@blink-streams/events"
import { accountStreams, handleEach } from "@blink-streams/events/rx"
import { Layer } from "effect"
import { FetchHttpClient } from "effect/http"

const { BLINK_API_URL: apiUrl, BLINK_OAUTH_URL: oauthUrl, BLINK_STREAMS_DIR: folder = "." } = process.env
const store = TokenStore.layerFile(`${folder}/session.json`)
const services = Layer.merge(
  Layer.provide(BlinkAccount.layer({ config: { apiUrl, oauthUrl }, store }), FetchHttpClient.layer),
  EventLog.layerSqlite({ filename: `${folder}/events.db` }),
)
const account = accountStreams(Layer.provide(AccountMonitor.layer(), services))

account
  .events({ reader: "resume", kinds: ["motion"] })
  .pipe(
    handleEach(async (event) => {
      console.log("begin", event.id, event.replayed ? "replayed" : "live")
      await new Promise((resolve) => setTimeout(resolve, 500)) // your work
      console.log("end", event.id) // the event is handled when the promise has resolved
    }),
  )
  .subscribe({ error: console.error })
