/**
 * RxJS: switches a light on at motion while the system is armed, and off 60 s after the last motion.
 *
 * Needs `session.json` of `blink-streams login` in BLINK_STREAMS_DIR, or in the working directory.
 *
 *     node examples/light/rxjs.ts "Living Room" 60
 */
import { accountStreams, armedOnly, fileStore } from "@blink-streams/events/rx"
import { concat, concatMap, switchMap, tap, timer } from "rxjs"

const { BLINK_API_URL: apiUrl, BLINK_OAUTH_URL: oauthUrl, BLINK_STREAMS_DIR: folder = "." } = process.env
const [lamp = "Living Room", seconds = "60"] = process.argv.slice(2)

const account = accountStreams({
  store: fileStore(`${folder}/session.json`),
  log: `${folder}/events.db`,
  apiUrl,
  oauthUrl,
})
const light = (on: boolean) => account.run(({ camera }) => camera(lamp).light(on))
const off$ = timer(Number(seconds) * 1_000).pipe(concatMap(() => light(false)))
console.log(`${lamp} waits for motion`)
account.motion$
  .pipe(
    armedOnly(account.state$),
    tap(({ subject }) => console.log(`motion: ${subject.name}, light on`)),
    switchMap(() => concat(light(true), off$)),
  )
  .subscribe({ error: console.error })
