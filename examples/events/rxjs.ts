/**
 * RxJS: prints the arm state (state observable), then motion, doorbell and arm events (event observables).
 *
 * Needs `session.json` of `blink-streams login` or `events/promises.ts` in BLINK_STREAMS_DIR, or in the working directory.
 *
 *     node examples/events/rxjs.ts
 */
import { accountStreams, fileStore } from "@blink-streams/events/rx"
import { merge } from "rxjs"

const { BLINK_API_URL: apiUrl, BLINK_OAUTH_URL: oauthUrl, BLINK_STREAMS_DIR: folder = "." } = process.env

await using monitor = accountStreams({
  store: fileStore(`${folder}/session.json`),
  log: `${folder}/events.db`,
  apiUrl,
  oauthUrl,
})

monitor.arm$.subscribe(({ subject, value, asOf, stale }) =>
  console.log(`state: ${subject.name} is ${value}${stale ? " (stale)" : ""} as of ${asOf}`),
)
merge(monitor.motion$, monitor.doorbell$, monitor.armChanges$).subscribe((event) =>
  console.log("event:", event.cursor, event.kind, event.subject.name, JSON.stringify(event.data)),
)

await new Promise((stop) => process.once("SIGINT", stop))
