/**
 * Switches a light on when a camera sees motion, and off a minute after the last. It speaks to a broadcaster, so it
 * knows neither the cloud nor your password: a token with the scope `control` is enough.
 *
 *     BLINK_STREAMS_TOKEN=… node lightOnMotion.ts "Living Room"
 */
import { CommandError, connect } from "@blink-streams/client"

const { BLINK_STREAMS_URL: url = "ws://127.0.0.1:25465", BLINK_STREAMS_TOKEN: token = "" } = process.env
const [lamp = "Living Room", seconds = "60"] = process.argv.slice(2)

const client = connect({ url, token, topics: ["motion"] })
client.subscribe((change) => {
  if (change.type === "connection") console.log(change.connection.status, change.connection.reason ?? "")
})
process.once("SIGINT", () => client.close())

/** The camera that carries the lamp. Its id alone would not do: ids are unique per kind. */
const target = () => {
  const cameras = client.state?.accounts.flatMap(({ cameras }) => cameras) ?? []
  const found = cameras.find(({ name }) => name === lamp)
  return found && { network: found.networkId, camera: found.id, kind: found.kind }
}

const light = async (on: boolean) => {
  const camera = target()
  if (camera === undefined) return console.log(`there is no camera called "${lamp}"`)
  try {
    await client.command({ name: "light", target: camera, args: { on } })
    console.log(`${lamp}: light ${on ? "on" : "off"}`)
  } catch (error) {
    console.log(error instanceof CommandError ? `${error.code}: ${error.message}` : error)
  }
}

let off: NodeJS.Timeout | undefined
for await (const { event, replayed } of client.events({ kinds: ["motion"] })) {
  // What comes from the log happened while nobody looked: too late for a light.
  if (replayed) continue
  console.log(`motion: ${event.subject.name}`)
  // The first motion lights it; each further one only puts off the end.
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
