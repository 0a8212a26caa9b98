/**
 * RxJS: handles each motion, also those from while it was not running.
 * After a crash it continues with the event in hand, and repeats what was handled in the last second.
 *
 * Needs `session.json` of `blink-streams login` in BLINK_STREAMS_DIR, or in the working directory.
 *
 *     node examples/resume/rxjs.ts
 */
import { accountStreams, fileStore, handleEach } from "@blink-streams/events/rx"

const { BLINK_API_URL: apiUrl, BLINK_OAUTH_URL: oauthUrl, BLINK_STREAMS_DIR: folder = "." } = process.env
const account = accountStreams({
  store: fileStore(`${folder}/session.json`),
  log: `${folder}/events.db`,
  apiUrl,
  oauthUrl,
})

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
