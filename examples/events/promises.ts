/**
 * Promises: signs in when there is no session, prints the arm state of each system, then motion and arm events.
 *
 * Prompts for e-mail, password and code unless BLINK_EMAIL, BLINK_PASSWORD and BLINK_PIN are set. Saves `session.json`
 * and `events.db` in BLINK_STREAMS_DIR, or in the working directory.
 *
 *     node examples/events/promises.ts
 *
 * With the emulator: BLINK_API_URL=http://127.0.0.1:25466 BLINK_OAUTH_URL=http://127.0.0.1:25466
 */
import { monitorAccount, fileStore } from "@blink-streams/events/promise"
import { createInterface } from "node:readline/promises"

const { BLINK_API_URL: apiUrl, BLINK_OAUTH_URL: oauthUrl, BLINK_STREAMS_DIR: folder = "." } = process.env
const environment: Record<string, string | undefined> = {
  email: process.env["BLINK_EMAIL"],
  password: process.env["BLINK_PASSWORD"],
  two_factor: process.env["BLINK_PIN"],
}

await using monitor = await monitorAccount({
  store: fileStore(`${folder}/session.json`),
  log: `${folder}/events.db`,
  apiUrl,
  oauthUrl,
  onPrompt: async ({ kind }) => {
    const configured = environment[kind]
    if (configured !== undefined) return configured
    const terminal = createInterface({ input: process.stdin, output: process.stderr })
    return terminal.question(`${kind}: `).finally(() => terminal.close())
  },
})

for (const { name, arm } of monitor.state.networks) console.log(`${name} is ${arm.state}`)

const stop = new AbortController()
process.once("SIGINT", () => stop.abort())
for await (const event of monitor.events({ kinds: ["motion", "arm.changed"], signal: stop.signal })) {
  console.log(event.cursor, event.kind, event.subject.name, JSON.stringify(event.data))
}
