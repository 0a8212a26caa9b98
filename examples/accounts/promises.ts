/**
 * Promises: arms and disarms all systems of a second account with those of the first one.
 *
 * Needs the sessions of both accounts, `first.json` and `second.json`, in BLINK_STREAMS_DIR or in the working directory.
 *
 *     node examples/accounts/promises.ts
 */
import { fileStore, monitorAccounts } from "@blink-streams/events/promise"

const { BLINK_API_URL: apiUrl, BLINK_OAUTH_URL: oauthUrl, BLINK_STREAMS_DIR: folder = "." } = process.env

const options = ["first.json", "second.json"].map((file) => ({
  store: fileStore(`${folder}/${file}`),
  apiUrl,
  oauthUrl,
}))
await using monitored = await monitorAccounts(options, { log: `${folder}/events.db` })
const [first, second] = monitored.accounts
console.log("following", first?.state.account)

for await (const { data } of first?.events({ kinds: ["arm.changed"] }) ?? []) {
  if (data.to !== "armed" && data.to !== "disarmed") continue
  for (const { id, name } of second?.state.networks ?? []) {
    const network = second?.network(id)
    await (data.to === "armed" ? network?.arm() : network?.disarm())
    console.log(`${name} is ${data.to}`)
  }
}
