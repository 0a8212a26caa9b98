import { capabilities, version } from "@blink-streams/protocol/protocol"
import type { ServerMessage } from "@blink-streams/protocol/ServerMessage"
import { Clock, Effect, FiberSet, Random, type Redacted, Schedule, Stream } from "effect"
import { textFrames } from "./frames.ts"
import type { Outlet } from "./Line.ts"
import { Peer, type PeerContext } from "./Peer.ts"

export interface PeersOptions extends Omit<PeerContext, "run" | "now" | "correlationId"> {
  readonly server: { readonly name: string; readonly version: string }
  /** Where the contract is served. */
  readonly schema: string
}

export interface Peers {
  /** Greets. With `token` (from the upgrade) no `auth` message is needed. */
  connect(outlet: Outlet, token: Redacted.Redacted | null, address: string): Peer
  disconnect(peer: Peer): void
  readonly all: ReadonlySet<Peer>
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
  /** Peers without a token yet, in the order in which their time is up. */
  const unproven = new Map<Peer, number>()
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
  const greeting = textFrames([JSON.stringify(hello)])

  yield* Effect.forkScoped(
    Stream.runForEach(Stream.fromPubSub(tokens.revoked), (tokenId) =>
      Effect.sync(() => {
        for (const peer of open) if (peer.bearer?.tokenId === tokenId) peer.receive({ type: "revoked" })
      }),
    ),
  )
  const enforceDeadline = () => {
    for (const [peer, deadline] of unproven) {
      if (!peer.isReady && deadline > context.now()) break
      unproven.delete(peer)
      if (!peer.isReady) peer.receive({ type: "deadline" })
    }
  }
  yield* Effect.forkScoped(Effect.repeat(Effect.sync(enforceDeadline), Schedule.spaced(250)))
  const turnOutExpired = () => {
    const now = context.now()
    for (const peer of open) if ((peer.bearer?.expiresAt ?? now + 1) <= now) peer.receive({ type: "revoked" })
  }
  yield* Effect.forkScoped(Effect.repeat(Effect.sync(turnOutExpired), Schedule.spaced(1_000)))

  const peers: Peers = {
    all: open,
    connect: (outlet, token, address) => {
      const peer = new Peer(context, outlet, address)
      open.add(peer)
      unproven.set(peer, context.now() + limits.authDeadlineMs)
      stats.peers = open.size
      outlet.write(greeting)
      if (token !== null) peer.verify(null, token)
      return peer
    },
    disconnect: (peer) => {
      open.delete(peer)
      unproven.delete(peer)
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
