import { AccountLease, AccountMonitors, EventLog } from "@blink-streams/events"
import {
  AccountId,
  type BlinkEvent,
  ClipId,
  EventId,
  formatCursor,
  NetworkId,
  Seq,
  timestampFromMillis,
} from "@blink-streams/model"
import { serve, Tokens } from "@blink-streams/server"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Effect, Layer, ManagedRuntime, Redacted } from "effect"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { Server } from "socket.io"
import { type WebSocket, WebSocketServer } from "ws"
import type { Greeting } from "./LoadPeer.ts"

const account = AccountId.make(7300142)
let last = 0

/** The id contains the send time, so that a reader finds it without parsing JSON. */
const motion = (): BlinkEvent => {
  const at = timestampFromMillis(Date.now())
  const sent = (performance.timeOrigin + performance.now()).toFixed(3)
  return {
    kind: "motion",
    id: EventId.make(`motion:${++last}:sent@${sent}`),
    occurredAt: at,
    observedAt: at,
    source: "clips",
    subject: { account, network: NetworkId.make(501), name: "Porch" },
    data: { clipId: ClipId.make(String(last)), cause: "pir" },
  }
}

/** A server that sends events to all connected peers. */
export interface Contender {
  readonly port: number
  readonly greeting: Greeting
  /** Emits `count` events. Resolves when the next call is allowed. */
  emit(count: number): Promise<void>
  stop(): Promise<void>
}

const secret = "bench"
const nextTick = () => new Promise<void>((resolve) => setImmediate(resolve))

export const subscribe = (since?: string): Greeting => ({
  path: "/",
  protocol: "blink-streams.v1",
  say: [
    JSON.stringify({ type: "auth", id: "a", token: secret }),
    JSON.stringify({
      type: "subscribe",
      id: "s",
      topics: ["*"],
      snapshot: "none",
      ...(since ? { since } : {}),
    }),
  ],
  // hello, ready, subscribed
  ready: 3,
})

/** `@blink-streams/server` over an event log in memory. */
export const blinkStreams = async (peers: number) => {
  const runtime = ManagedRuntime.make(
    Layer.mergeAll(
      AccountMonitors.layer.pipe(
        Layer.provide(AccountLease.layerInProcess),
        Layer.provideMerge(EventLog.layerMemory),
      ),
      Tokens.layerMemory(Redacted.make(secret)),
      NodeHttpServer.layerHttpServices,
    ),
  )
  const listening = Promise.withResolvers<number>()
  const limits = { maxPeers: peers + 10, maxPeersPerAddress: peers + 10 }
  const serving = Effect.gen(function* () {
    const { port } = yield* serve({ port: 0, limits })
    listening.resolve(port)
    return yield* Effect.never
  })
  runtime.runFork(Effect.scoped(serving))
  const port = await listening.promise
  const log = await runtime.runPromise(EventLog.use((log) => Effect.succeed(log)))
  const contender: Contender & { readonly log: EventLog["Service"] } = {
    port,
    log,
    greeting: subscribe(),
    emit: async (count) => {
      await Effect.runPromise(log.append({ account, events: Array.from({ length: count }, motion) }))
      await nextTick()
    },
    stop: () => runtime.dispose(),
  }
  return contender
}

const frameOf = (event: BlinkEvent) =>
  JSON.stringify({ type: "event", sub: ["s"], cursor: `bench:${last}`, epoch: "bench", seq: last, event })

const listen = async (server: ReturnType<typeof createServer>) => {
  await new Promise<void>((resolve) => server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, resolve))
  return (server.address() as AddressInfo).port
}

/** Minimal `ws` server: sends the text of each event to each socket in a loop. */
const overWs = async (
  send: (clients: ReadonlySet<WebSocket>, event: BlinkEvent) => void,
): Promise<Contender> => {
  const http = createServer()
  const server = new WebSocketServer({ server: http, perMessageDeflate: false })
  const port = await listen(http)
  return {
    port,
    greeting: { path: "/", protocol: null, say: [], ready: 0 },
    emit: async (count) => {
      for (let sent = 0; sent < count; sent++) send(server.clients, motion())
      await nextTick()
      // Basic back-pressure: waits while a socket has more than 1 MiB queued.
      while ([...server.clients].some(({ bufferedAmount }) => bufferedAmount > 1024 * 1024)) await nextTick()
    },
    stop: async () => {
      for (const client of server.clients) client.terminate()
      server.close()
      await new Promise((resolve) => http.close(resolve))
    },
  }
}

/** Serializes each event once for all clients. */
export const bareWs = () =>
  overWs((clients, event) => {
    const text = frameOf(event)
    for (const client of clients) client.send(text)
  })

/** Serializes each event once per client. */
export const stringifyPerClient = () =>
  overWs((clients, event) => {
    for (const client of clients) client.send(frameOf(event))
  })

export const socketIo = async (): Promise<Contender> => {
  const http = createServer()
  const io = new Server(http, { transports: ["websocket"], perMessageDeflate: false, serveClient: false })
  const port = await listen(http)
  return {
    port,
    greeting: { path: "/socket.io/?EIO=4&transport=websocket", protocol: null, say: ["40"], ready: 2 },
    emit: async (count) => {
      for (let sent = 0; sent < count; sent++) io.emit("event", motion())
      await nextTick()
    },
    stop: () => io.close(),
  }
}

const sendAll = async (log: EventLog["Service"], socket: WebSocket) => {
  let after = Seq.make(0)
  for (;;) {
    const page = await Effect.runPromise(log.read(after, 512))
    for (const { epoch, seq, event } of page) {
      const cursor = formatCursor({ epoch, seq })
      socket.send(JSON.stringify({ type: "event", sub: ["s"], cursor, epoch, seq, event }))
    }
    after = page.at(-1)?.seq ?? after
    if (page.length === 0) return
    while (socket.bufferedAmount > 1024 * 1024) await nextTick()
  }
}

/** Sends the whole log to each new connection, one `send` per event. */
export const oneSendPerEvent = async (log: EventLog["Service"]): Promise<Omit<Contender, "emit">> => {
  const http = createServer()
  const server = new WebSocketServer({ server: http, perMessageDeflate: false })
  server.on("connection", (socket) => void sendAll(log, socket))
  return {
    port: await listen(http),
    greeting: { path: "/", protocol: null, say: [], ready: 0 },
    stop: async () => {
      server.close()
      await new Promise((resolve) => http.close(resolve))
    },
  }
}
