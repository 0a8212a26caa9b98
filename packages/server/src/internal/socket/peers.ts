import { capabilities, type ServerMessage, version } from "@blink-streams/protocol"
import { Clock, Effect, FiberSet, Random, type Redacted, Schedule, Stream } from "effect"
import { textFrames } from "./frames.ts"
import type { FrameSink } from "./FrameSink.ts"
import { Peer, type PeerContext } from "./Peer.ts"

export interface PeersOptions extends Omit<PeerContext, "run" | "now" | "correlationId"> {
  readonly server: { readonly name: string; readonly version: string }
  /** URL path of the AsyncAPI document. */
  readonly schema: string
}

/** All connections of a server. */
export interface Peers {
  /** Adds a connection and sends `hello`. With `token` (from the upgrade request) no `auth` message is needed. */
  connect(sink: FrameSink, token: Redacted.Redacted | null, address: string): Peer
  disconnect(peer: Peer): void
  readonly all: ReadonlySet<Peer>
  /** Sends `shutdown` to every peer, each with its own reconnect delay, then closes with 1001. */
  readonly shutdown: Effect.Effect<void>
}

/** Reconnect delay in milliseconds: a minimum plus a random part that grows with the number of peers. */
const reconnectDelayMs = { minimum: 500, perPeer: 5 }

/**
 * Makes the set of connections. Disconnects peers that do not authenticate in time, and peers whose token expires or
 * is revoked.
 */
export const makePeers = Effect.fnUntraced(function* (options: PeersOptions) {
  const { monitors, tokens, limits, stats } = options
  const clock = yield* Clock.Clock
  const run = yield* FiberSet.makeRuntime<never, void, never>()
  const openPeers = new Set<Peer>()
  /** Deadlines of peers that are not authenticated yet, earliest first. */
  const unauthenticated = new Map<Peer, number>()
  let correlation = yield* Random.nextIntBetween(0, 2 ** 30)
  const context: PeerContext = {
    ...options,
    run,
    now: () => clock.currentTimeMillisUnsafe(),
    correlationId: () => (++correlation).toString(36),
  }
  const hello: ServerMessage = {
    type: "hello",
    protocol: version,
    server: options.server,
    epoch: monitors.log.epoch,
    auth: ["token"],
    capabilities,
    schema: options.schema,
    limits: {
      maxMessageBytes: limits.maxMessageBytes,
      maxSubscriptions: limits.maxSubscriptions,
      maxInFlight: limits.maxInFlight,
      heartbeatMs: limits.heartbeatMs,
    },
  }
  const helloFrame = textFrames([JSON.stringify(hello)])

  yield* Effect.forkScoped(
    Stream.runForEach(Stream.fromPubSub(tokens.revoked), (tokenId) =>
      Effect.sync(() => {
        for (const peer of openPeers)
          if (peer.authToken?.tokenId === tokenId) peer.receive({ type: "revoked" })
      }),
    ),
  )
  const enforceDeadline = () => {
    for (const [peer, deadline] of unauthenticated) {
      if (!peer.isReady && deadline > context.now()) break
      unauthenticated.delete(peer)
      if (!peer.isReady) peer.receive({ type: "deadline" })
    }
  }
  yield* Effect.forkScoped(Effect.repeat(Effect.sync(enforceDeadline), Schedule.spaced(250)))
  const disconnectExpired = () => {
    const now = context.now()
    for (const peer of openPeers)
      if ((peer.authToken?.expiresAt ?? now + 1) <= now) peer.receive({ type: "revoked" })
  }
  yield* Effect.forkScoped(Effect.repeat(Effect.sync(disconnectExpired), Schedule.spaced(1_000)))

  const peers: Peers = {
    all: openPeers,
    connect: (sink, token, address) => {
      const peer = new Peer(context, sink, address)
      openPeers.add(peer)
      unauthenticated.set(peer, context.now() + limits.authDeadlineMs)
      stats.peers = openPeers.size
      sink.write(helloFrame)
      if (token !== null) peer.verify(null, token)
      return peer
    },
    disconnect: (peer) => {
      openPeers.delete(peer)
      unauthenticated.delete(peer)
      stats.peers = openPeers.size
      peer.receive({ type: "closed" })
    },
    shutdown: Effect.gen(function* () {
      for (const peer of openPeers) {
        const spread = yield* Random.nextIntBetween(0, 1_000 + openPeers.size * reconnectDelayMs.perPeer)
        peer.send({ type: "shutdown", reconnectAfterMs: reconnectDelayMs.minimum + spread })
        peer.sink.close(1001, "the server is shutting down")
      }
    }),
  }
  return peers
})
