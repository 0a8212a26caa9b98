/**
 * RxJS: prints the number of motions per hour and camera that the event log has.
 *
 * Needs `session.json` of `blink-streams login` in BLINK_STREAMS_DIR, or in the working directory.
 *
 *     node examples/motionCounts/rxjs.ts
 */
import { accountStreams, fileStore } from "@blink-streams/events/rx"
import { concatMap, count, groupBy, lastValueFrom, map, mergeMap, tap, toArray } from "rxjs"

const { BLINK_API_URL: apiUrl, BLINK_OAUTH_URL: oauthUrl, BLINK_STREAMS_DIR: folder = "." } = process.env

await using account = accountStreams({
  store: fileStore(`${folder}/session.json`),
  log: `${folder}/events.db`,
  apiUrl,
  oauthUrl,
})
const counts$ = account.refresh().pipe(
  concatMap(() => account.history({ kinds: ["motion"] })),
  groupBy(({ occurredAt, subject }) => `${occurredAt.slice(0, 13)}:00Z ${subject.name}`),
  mergeMap((motions) =>
    motions.pipe(
      count(),
      map((number) => `${motions.key} ${number}`),
    ),
  ),
  toArray(),
  tap((lines) => console.log(lines.toSorted().join("\n"))),
)
await lastValueFrom(counts$)
