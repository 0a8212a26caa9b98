/**
 * Promises: handles each motion, also those from while it was not running.
 * After a crash it continues with the event in hand, and repeats what was handled in the last second.
 *
 * Needs `session.json` of `blink-streams login` in BLINK_STREAMS_DIR, or in the working directory.
 *
 *     node examples/resume/promises.ts
 */
import { fileStore, monitorAccount } from "@blink-streams/events/promise"
import { setTimeout as sleep } from "node:timers/promises"

const { BLINK_API_URL: apiUrl, BLINK_OAUTH_URL: oauthUrl, BLINK_STREAMS_DIR: folder = "." } = process.env

await using account = await monitorAccount({
  store: fileStore(`${folder}/session.json`),
  log: `${folder}/events.db`,
  apiUrl,
  oauthUrl,
})

for await (const event of account.events({ reader: "resume", kinds: ["motion"] })) {
  if (event.kind === "gap") console.warn("events may be missing:", event.data.reason)
  else console.log("begin", event.id, event.replayed ? "replayed" : "live")
  await sleep(500) // your work; the event is handled when the loop asks for the next one
  console.log("end", event.id)
}
