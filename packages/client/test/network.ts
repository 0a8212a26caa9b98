import { Effect } from "effect"
import { once } from "node:events"
import { connect, createServer, type Socket } from "node:net"

/** One connection through the network: both of its ends. */
interface Link {
  readonly near: Socket
  readonly far: Socket
}

/** What lies between clients and a server on a port: TCP that can be told to stall or to break. */
interface Network {
  readonly port: number
  readonly links: ReadonlySet<Link>
  /** Ends all connections without a word to either side. New ones get to `port`; nowhere when that is `null`. */
  lead(port: number | null): void
}

/** From here on nothing goes through, either way, and nobody is told. */
export const stall = ({ near, far }: Link): void => {
  near.unpipe(far).pause()
  far.unpipe(near).pause()
}

export const flow = ({ near, far }: Link): void => {
  near.pipe(far)
  far.pipe(near)
}

export const breakDown = ({ near, far }: Link): void => {
  near.destroy()
  far.destroy()
}

/** A network in front of a port of this machine. */
export const makeNetwork = Effect.fnUntraced(function* (port: number) {
  const links = new Set<Link>()
  let to: number | null = port
  const server = createServer((near) => {
    if (to === null) {
      near.destroy()
      return
    }
    const link: Link = { near, far: connect({ port: to, host: "127.0.0.1" }) }
    links.add(link)
    flow(link)
    const end = () => {
      links.delete(link)
      breakDown(link)
    }
    for (const socket of [link.near, link.far]) socket.on("error", end).on("close", end)
  })
  yield* Effect.acquireRelease(
    Effect.promise(() => once(server.listen({ port: 0, host: "127.0.0.1" }), "listening")),
    () =>
      Effect.sync(() => {
        server.close()
        for (const link of links) breakDown(link)
      }),
  )
  const address = server.address()
  const network: Network = {
    port: typeof address === "object" && address !== null ? address.port : 0,
    links,
    lead: (port) => {
      to = port
      for (const link of links) breakDown(link)
    },
  }
  return network
})
