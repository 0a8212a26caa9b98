/**
 * Promises: prints the number of motions per hour and camera that the event log has.
 *
 * Needs `session.json` of `blink-streams login` in BLINK_STREAMS_DIR, or in the working directory.
 *
 *     node examples/motionCounts/promises.ts
 */
import { fileStore, monitorAccount } from "@blink-streams/events/promise"

const { BLINK_API_URL: apiUrl, BLINK_OAUTH_URL: oauthUrl, BLINK_STREAMS_DIR: folder = "." } = process.env

await using account = await monitorAccount({
  store: fileStore(`${folder}/session.json`),
  log: `${folder}/events.db`,
  apiUrl,
  oauthUrl,
})
const counts = new Map<string, number>()
for await (const { occurredAt, subject } of account.history({ kinds: ["motion"] })) {
  const key = `${occurredAt.slice(0, 13)}:00Z ${subject.name}`
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
for (const [hour, count] of [...counts].toSorted(([a], [b]) => a.localeCompare(b))) console.log(hour, count)
