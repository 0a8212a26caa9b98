/**
 * Promises: arms a system at a time of day. `arm` resolves once a poll shows that it is armed.
 *
 * Needs `session.json` of `blink-streams login` in BLINK_STREAMS_DIR, or in the working directory.
 *
 *     node examples/armAt/promises.ts Home 23:00
 */
import { fileStore, monitorAccount } from "@blink-streams/events/promise"

const { BLINK_API_URL: apiUrl, BLINK_OAUTH_URL: oauthUrl, BLINK_STREAMS_DIR: folder = "." } = process.env
const [system = "Home", time = "23:00"] = process.argv.slice(2)

await using account = await monitorAccount({
  store: fileStore(`${folder}/session.json`),
  log: `${folder}/events.db`,
  apiUrl,
  oauthUrl,
})
const network = account.network(system)
const [hours = 23, minutes = 0] = time.split(":").map(Number)
const at = new Date(Date.now()).setHours(hours, minutes, 0, 0)
const delay = at > Date.now() ? at - Date.now() : at + 24 * 3_600_000 - Date.now()
await new Promise((resolve) => setTimeout(resolve, delay))
const { changed } = await network.arm()
console.log(`${network.state.name} is ${network.state.arm.state}${changed ? "" : " already"}`)
