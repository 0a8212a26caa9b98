/** Load generator: a process of its own that is controlled by messages of the benchmark. */
import { type Greeting, LoadPeer } from "./LoadPeer.ts"

export type LoadRequest =
  | {
      readonly do: "connect"
      readonly port: number
      readonly peers: number
      readonly greeting: Greeting
      /** Measure the latency of each message from the send time in its text. */
      readonly timed: boolean
      /** Number of peers that stop reading once they are connected. */
      readonly paused: number
    }
  | { readonly do: "count" }
  | { readonly do: "end" }

export interface Counted {
  readonly messages: number
  readonly closed: number
  /** Milliseconds from `sent@…` in a message to its arrival. */
  readonly latencies: ReadonlyArray<number>
}

let peers: Array<LoadPeer> = []
let latencies: Array<number> = []
let paused = 0

/** Milliseconds on a clock that all processes of this machine share. */
const now = () => performance.timeOrigin + performance.now()

const recordLatency = (text: string) => {
  const at = text.indexOf("sent@")
  if (at >= 0) latencies.push(now() - Number.parseFloat(text.slice(at + 5, at + 30)))
}

const handle = async (request: LoadRequest) => {
  if (request.do === "connect") {
    paused = request.paused
    for (let from = 0; from < request.peers; from += 250) {
      const batch = Array.from(
        { length: Math.min(250, request.peers - from) },
        () => new LoadPeer(request.port, request.greeting, request.timed ? recordLatency : null),
      )
      await Promise.all(batch.map(({ ready }) => ready))
      peers.push(...batch)
    }
    for (const peer of peers.slice(0, paused)) peer.pause()
    process.send?.({ ready: true })
  } else if (request.do === "count") {
    const counted: Counted = {
      messages: peers.slice(paused).reduce((sum, { messages }) => sum + messages, 0),
      closed: peers.filter(({ closed }) => closed).length,
      latencies,
    }
    latencies = []
    process.send?.(counted)
  } else {
    for (const peer of peers) peer.end()
    peers = []
    latencies = []
    process.send?.({ ready: true })
  }
}

process.on("message", (request: LoadRequest) => void handle(request))
