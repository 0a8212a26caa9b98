import { AccountMonitors } from "@blink-streams/events"
import { capabilities, type ServerMessage, version } from "@blink-streams/protocol"
import { Clock, Context, Effect, FiberSet, Layer, Random, type Redacted, Schedule, Stream } from "effect"
import { Tokens } from "../../Tokens.ts"
import type { CommandService } from "../commands/CommandService.ts"
import { Hub } from "../hub/Hub.ts"
import { Admission } from "../listen/Admission.ts"
import { ServerMetrics } from "../metrics/ServerMetrics.ts"
import { ServerConfig } from "../ServerConfig.ts"
import { textFrames } from "./frames.ts"
import type { FrameSink } from "./FrameSink.ts"
import { Peer, type PeerContext, type PeerServices } from "./Peer.ts"

/** Reconnect delay in milliseconds: a minimum plus a random part that grows with the number of peers. */
const reconnectDelayMs = { minimum: 500, perPeer: 5 }

/** Makes the context that all peers share. */
const makePeerContext = Effect.gen(function* () {
  const clock = yield* Clock.Clock
  let correlation = yield* Random.nextIntBetween(0, 2 ** 30)
  const context: PeerContext = {
    hub: yield* Hub,
    admission: yield* Admission,
    limits: (yield* ServerConfig).limits,
    run: yield* FiberSet.makeRuntime<PeerServices, void, never>(),
    now: () => clock.currentTimeMillisUnsafe(),
    correlationId: () => (++correlation).toString(36),
  }
  return context
})

/** Makes the first frame of every connection. */
const makeHelloFrame = Effect.gen(function* () {
  const { log } = yield* AccountMonitors
  const { name, version: serverVersion, prefix, limits } = yield* ServerConfig
  const { maxMessageBytes, maxSubscriptions, maxInFlight, heartbeatMs } = limits
  const hello: ServerMessage = {
    type: "hello",
    protocol: version,
    server: { name, version: serverVersion },
    epoch: log.epoch,
    auth: ["token"],
    capabilities,
    schema: `${prefix}/schema/v1/asyncapi.json`,
    limits: { maxMessageBytes, maxSubscriptions, maxInFlight, heartbeatMs },
  }
  return textFrames([JSON.stringify(hello)])
})

/** Disconnects peers whose token is revoked or expires. */
const disconnectInvalid = Effect.fnUntraced(function* (peers: ReadonlySet<Peer>) {
  const tokens = yield* Tokens
  yield* Effect.forkScoped(
    Stream.runForEach(Stream.fromPubSub(tokens.revoked), (tokenId) =>
      Effect.sync(() => {
        for (const peer of peers) if (peer.authToken?.tokenId === tokenId) peer.receive({ type: "revoked" })
      }),
    ),
  )
  const disconnectExpired = Effect.map(Clock.currentTimeMillis, (now) => {
    for (const peer of peers)
      if ((peer.authToken?.expiresAt ?? now + 1) <= now) peer.receive({ type: "revoked" })
  })
  yield* Effect.forkScoped(Effect.repeat(disconnectExpired, Schedule.spaced("1 second")))
})

/** Disconnects peers that do not authenticate in time. Deadlines are in order, earliest first. */
const enforceDeadlines = Effect.fnUntraced(function* (deadlines: Map<Peer, number>) {
  const enforce = Effect.map(Clock.currentTimeMillis, (now) => {
    for (const [peer, deadline] of deadlines) {
      if (!peer.isReady && deadline > now) break
      deadlines.delete(peer)
      if (!peer.isReady) peer.receive({ type: "deadline" })
    }
  })
  yield* Effect.forkScoped(Effect.repeat(enforce, Schedule.spaced("250 millis")))
})

const makePeers = Effect.gen(function* () {
  const metrics = yield* ServerMetrics
  const context = yield* makePeerContext
  const helloFrame = yield* makeHelloFrame
  const all = new Set<Peer>()
  /** Deadlines of peers that are not authenticated yet. */
  const deadlines = new Map<Peer, number>()
  yield* disconnectInvalid(all)
  yield* enforceDeadlines(deadlines)

  return Peers.of({
    all,
    connect: (sink, token, address) => {
      const peer = new Peer(context, sink, address)
      all.add(peer)
      deadlines.set(peer, context.now() + context.limits.authDeadlineMs)
      metrics.peers = all.size
      sink.write(helloFrame)
      if (token !== null) peer.verify(null, token)
      return peer
    },
    disconnect: (peer) => {
      all.delete(peer)
      deadlines.delete(peer)
      metrics.peers = all.size
      peer.receive({ type: "closed" })
    },
    shutdown: Effect.gen(function* () {
      for (const peer of all) {
        const spread = yield* Random.nextIntBetween(0, 1_000 + all.size * reconnectDelayMs.perPeer)
        peer.send({ type: "shutdown", reconnectAfterMs: reconnectDelayMs.minimum + spread })
        peer.sink.close(1001, "the server is shutting down")
      }
    }),
  })
})

/**
 * All connections of a server. Peers that do not authenticate in time, and peers whose token expires or is revoked, are
 * disconnected.
 */
export class Peers extends Context.Service<
  Peers,
  {
    /** Adds a connection and sends `hello`. With `token` (from the upgrade request) no `auth` message is needed. */
    connect(sink: FrameSink, token: Redacted.Redacted | null, address: string): Peer
    disconnect(peer: Peer): void
    readonly all: ReadonlySet<Peer>
    /** Sends `shutdown` to every peer, each with its own reconnect delay, then closes with 1001. */
    readonly shutdown: Effect.Effect<void>
  }
>()("@blink-streams/server/Peers") {
  static readonly layer: Layer.Layer<
    Peers,
    never,
    AccountMonitors | Admission | CommandService | Hub | ServerConfig | ServerMetrics | Tokens
  > = Layer.effect(Peers, makePeers)
}
