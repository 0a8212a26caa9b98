/**
 * Promises: switches a light on at motion while the system is armed, and off 60 s after the last motion.
 *
 * Needs `session.json` of `blink-streams login` in BLINK_STREAMS_DIR, or in the working directory.
 *
 *     node examples/light/promises.ts "Living Room" 60
 */
import { armedOnly, fileStore, monitorAccount } from "@blink-streams/events/promise"

const { BLINK_API_URL: apiUrl, BLINK_OAUTH_URL: oauthUrl, BLINK_STREAMS_DIR: folder = "." } = process.env
const [lamp = "Living Room", seconds = "60"] = process.argv.slice(2)

await using account = await monitorAccount({
  store: fileStore(`${folder}/session.json`),
  log: `${folder}/events.db`,
  apiUrl,
  oauthUrl,
})
console.log(`${lamp} waits for motion`)
let off: NodeJS.Timeout | undefined
for await (const { subject } of armedOnly(account.states())(account.events({ kinds: ["motion"] }))) {
  await account.camera(lamp).light(true)
  console.log(`motion: ${subject.name}, light on`)
  clearTimeout(off)
  off = setTimeout(() => void account.camera(lamp).light(false), Number(seconds) * 1_000)
}
