import { capabilities, version } from "@blink-streams/protocol/protocol"
import type { ServerMessage } from "@blink-streams/protocol/ServerMessage"
import { Clock, Effect, FiberSet, Random, type Redacted, Stream } from "effect"
import { textFrame } from "./frames.ts"
import type { Outlet } from "./Line.ts"
import { Peer, type PeerContext } from "./Peer.ts"

export interface PeersOptions extends Omit<PeerContext, "run" | "now" | "correlationId"> {
  readonly server: { readonly name: string; readonly version: string }
  /** Where the contract is served. */
  readonly schema: string
}

export interface Peers {
  /** Greets. With `token` (from the upgrade) no `auth` message is needed. */
  connect(outlet: Outlet, token: Redacted.Redacted | null, onFailedAuth: () => void): Peer
  disconnect(peer: Peer): void
  /** Says goodbye to everyone, each with its own advice when to come back. */
  readonly shutdown: Effect.Effect<void>
}

/** So that a thousand clients do not come back in one second. */
const comeBackMs = { least: 500, perPeer: 5 }

/** All connections of a server. */
export const makePeers = Effect.fnUntraced(function* (options: PeersOptions) {
  const { homes, tokens, limits, stats } = options
  const clock = yield* Clock.Clock
  const run = yield* FiberSet.makeRuntime<never, void, never>()
  const open = new Set<Peer>()
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
    epoch: homes.log.epoch,
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
  const greeting = textFrame(JSON.stringify(hello))

  yield* Effect.forkScoped(
    Stream.runForEach(Stream.fromPubSub(tokens.revoked), (tokenId) =>
      Effect.sync(() => {
        for (const peer of open) if (peer.bearer?.tokenId === tokenId) peer.receive({ type: "revoked" })
      }),
    ),
  )
  const peers: Peers = {
    connect: (outlet, token, onFailedAuth) => {
      const peer = new Peer(context, outlet, onFailedAuth)
      open.add(peer)
      stats.peers = open.size
      outlet.write(greeting)
      if (token !== null) peer.verify(null, token)
      const deadline = Effect.sync(() => peer.receive({ type: "deadline" }))
      run(Effect.delay(deadline, limits.authDeadlineMs))
      return peer
    },
    disconnect: (peer) => {
      open.delete(peer)
      stats.peers = open.size
      peer.receive({ type: "closed" })
    },
    shutdown: Effect.gen(function* () {
      for (const peer of open) {
        const spread = yield* Random.nextIntBetween(0, 1_000 + open.size * comeBackMs.perPeer)
        peer.send({ type: "shutdown", reconnectAfterMs: comeBackMs.least + spread })
        peer.outlet.close(1001, "the server stops")
      }
    }),
  }
  return peers
})
