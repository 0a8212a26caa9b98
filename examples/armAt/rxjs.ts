/**
 * RxJS: arms a system at a time of day. `arm` emits once a poll shows that it is armed.
 *
 * Needs `session.json` of `blink-streams login` in BLINK_STREAMS_DIR, or in the working directory.
 *
 *     node examples/armAt/rxjs.ts Home 23:00
 */
import { accountStreams, fileStore } from "@blink-streams/events/rx"
import { concatMap, lastValueFrom, timer } from "rxjs"

const { BLINK_API_URL: apiUrl, BLINK_OAUTH_URL: oauthUrl, BLINK_STREAMS_DIR: folder = "." } = process.env
const [system = "Home", time = "23:00"] = process.argv.slice(2)

await using account = accountStreams({
  store: fileStore(`${folder}/session.json`),
  log: `${folder}/events.db`,
  apiUrl,
  oauthUrl,
})
const [hours = 23, minutes = 0] = time.split(":").map(Number)
const at = new Date(Date.now()).setHours(hours, minutes, 0, 0)
const delay = at > Date.now() ? at - Date.now() : at + 24 * 3_600_000 - Date.now()
const { changed } = await lastValueFrom(timer(delay).pipe(concatMap(() => account.arm(system))))
console.log(`${system} is armed${changed ? "" : " already"}`)
