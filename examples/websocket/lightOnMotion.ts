/**
 * Websocket client: switches the light of a camera on at motion and off 60 s after the last motion.
 *
 * Connects to a broadcaster (BLINK_STREAMS_URL, default ws://127.0.0.1:25465) with a token of the scope `control`. Needs no
 * Blink credentials. Arguments: name of the camera with the light, seconds.
 *
 *     BLINK_STREAMS_TOKEN=secret node examples/websocket/lightOnMotion.ts "Living Room" 60
 */
import { RequestError, connect } from "@blink-streams/client"

const { BLINK_STREAMS_URL: url = "ws://127.0.0.1:25465", BLINK_STREAMS_TOKEN: token = "" } = process.env
const [lamp = "Living Room", seconds = "60"] = process.argv.slice(2)

const client = connect({ url, token, topics: ["motion"] })
client.subscribe((change) => {
  if (change.type === "connection") console.log(change.connection.status, change.connection.reason ?? "")
})
process.once("SIGINT", () => client.close())

/** Command target of the camera with the light. Ids are unique per kind only, so the kind is part of it. */
const target = () => {
  const cameras = client.state?.accounts.flatMap(({ cameras }) => cameras) ?? []
  const found = cameras.find(({ name }) => name === lamp)
  return found && { network: found.networkId, camera: found.id, kind: found.kind }
}

const light = async (on: boolean) => {
  const camera = target()
  if (camera === undefined) return console.log(`there is no camera "${lamp}"`)
  try {
    await client.command({ name: "light", target: camera, args: { on } })
    console.log(`${lamp}: light ${on ? "on" : "off"}`)
  } catch (error) {
    console.log(error instanceof RequestError ? `${error.code}: ${error.message}` : error)
  }
}

let off: NodeJS.Timeout | undefined
for await (const event of client.events({ kinds: ["motion"] })) {
  // Replayed events happened while this program was not connected. A gap says that some may be missing.
  if (event.kind === "gap" || event.replayed) continue
  console.log(`motion: ${event.subject.name}`)
  // The first motion switches the light on; further ones restart the timer.
  if (off === undefined) void light(true)
  clearTimeout(off)
  off = setTimeout(
    () => {
      off = undefined
      void light(false)
    },
    Number(seconds) * 1_000,
  )
}
clearTimeout(off)
