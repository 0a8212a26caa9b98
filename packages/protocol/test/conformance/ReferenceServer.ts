import { Epoch, formatCursor, parseCursor, Seq } from "@blink-streams/model"
import { Effect, Exit, Schema } from "effect"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { type WebSocket, WebSocketServer } from "ws"
import { ClientMessage, type ErrorCode, protocolError, subprotocol } from "../../src/index.ts"

export const token = "the-token"

type Json = Readonly<Record<string, unknown>>

/** A deliberate fault. Without one the server follows the protocol. */
export interface Fault {
  /** Replacement for a message; `null` drops it. */
  readonly message?: (message: Json) => unknown
  /** Replacement for a close code and reason. */
  readonly close?: (code: number, reason: string) => readonly [code: number, reason: string]
  /** Replacement for the body of `/v1/events`. */
  readonly page?: (page: Json) => unknown
  /** Selects this subprotocol instead. */
  readonly subprotocol?: string
  readonly acceptsAnyToken?: boolean
  readonly acceptsAnyPosition?: boolean
  readonly rejectsUnknownFields?: boolean
  readonly ignoresFilters?: boolean
  /** Scopes of the token. Default: all. */
  readonly scopes?: ReadonlyArray<string>
}

const epoch = Epoch.make("e")
const eventCount = 5
const heartbeatDelayMs = 20
const maxMessageBytes = 64 * 1024

const at = (seq: number) => ({ cursor: formatCursor({ epoch, seq: Seq.make(seq) }), epoch, seq })
const time = "2026-11-24T04:55:02.000Z"

const backfilledSeq = 2

const loggedEvent = (seq: number) => ({
  type: "event",
  ...at(seq),
  event: {
    kind: "motion",
    id: `motion:${seq}`,
    occurredAt: time,
    observedAt: time,
    source: "clips",
    subject: { account: 1, network: 2, camera: 3, kind: "camera" },
    data: { clipId: String(seq), cause: "pir" },
    replayed: true,
    ...(seq === backfilledSeq ? { backfilled: true } : {}),
  },
})

const hello = {
  type: "hello",
  protocol: { major: 1, minor: 0, minMinor: 0 },
  server: { name: "reference", version: "0.0.0" },
  epoch,
  auth: ["token"],
  capabilities: [],
  schema: "/schema/v1/asyncapi.json",
  limits: { maxMessageBytes, maxSubscriptions: 16, maxInFlight: 32, heartbeatMs: 1_000 },
}

const decodeMessage = Schema.decodeUnknownExit(Schema.fromJsonString(ClientMessage))
const decodeStrictly = Schema.decodeUnknownExit(Schema.fromJsonString(ClientMessage), {
  onExcessProperty: "error",
})
const decodeEnvelope = Schema.decodeUnknownExit(
  Schema.fromJsonString(Schema.Struct({ type: Schema.String, id: Schema.optionalKey(Schema.Json) })),
)

/** One connection. */
class Connection {
  readonly #socket: WebSocket
  readonly #fault: Fault
  readonly #subscriptions = new Set<string>()
  readonly #timers: Array<NodeJS.Timeout> = []
  #isReady = false

  constructor(socket: WebSocket, fault: Fault, authDeadlineMs: number) {
    this.#socket = socket
    this.#fault = fault
    this.#after(authDeadlineMs, () => {
      if (!this.#isReady) this.#reject("unauthenticated", 4401, "deadline")
    })
    socket.on("close", () => this.#timers.forEach(clearTimeout))
    socket.on("message", (data: Buffer, isBinary) => this.#receive(data, isBinary))
    this.#send(hello)
  }

  #after(ms: number, action: () => void) {
    this.#timers.push(setTimeout(action, ms))
  }

  #send(message: Json) {
    const sent = this.#fault.message === undefined ? message : this.#fault.message(message)
    if (sent !== null) this.#socket.send(typeof sent === "string" ? sent : JSON.stringify(sent))
  }

  #close(code: number, reason: string) {
    this.#socket.close(...(this.#fault.close?.(code, reason) ?? [code, reason]))
  }

  #error(code: ErrorCode, id?: unknown) {
    this.#send({
      type: "error",
      ...(typeof id === "string" ? { id } : {}),
      error: protocolError(code, code, "c1"),
    })
  }

  #reject(code: ErrorCode, closeCode: number, reason: string, id?: unknown) {
    this.#error(code, id)
    this.#close(closeCode, reason)
  }

  #receive(data: Buffer, isBinary: boolean) {
    if (data.length > maxMessageBytes) return this.#close(1009, "too big")
    if (isBinary) return this.#close(4400, "binary")
    const text = data.toString()
    const decoded = (this.#fault.rejectsUnknownFields ? decodeStrictly : decodeMessage)(text)
    if (Exit.isSuccess(decoded)) return this.#handle(decoded.value)
    const envelope = decodeEnvelope(text)
    if (Exit.isFailure(envelope)) return this.#reject("malformed", 4400, "not JSON")
    const { type, id } = envelope.value
    if (!(type in ClientMessage.cases)) return this.#error("unsupported", id)
    this.#reject("malformed", 4400, "malformed")
  }

  #handle(message: ClientMessage) {
    if (!this.#isReady) return this.#authenticate(message)
    const { id } = message
    switch (message.type) {
      case "auth":
        return this.#error("unsupported", id)
      case "subscribe":
        return this.#subscribe(message)
      case "unsubscribe": {
        const { subscription } = message
        return this.#subscriptions.delete(subscription)
          ? this.#send({ type: "unsubscribed", id, subscription })
          : this.#error("not_found", id)
      }
      case "command":
        return this.#send({ type: "result", id, ok: false, error: protocolError("unsupported", "no", "c") })
      case "cancel":
        return this.#error("not_found", id)
      case "prompt.submit":
        return this.#send({ type: "result", id, ok: false, error: protocolError("not_found", "no", "c") })
    }
  }

  #authenticate(message: ClientMessage) {
    if (message.type !== "auth") return this.#reject("unauthenticated", 4401, "before auth", message.id)
    if (message.token !== token && !this.#fault.acceptsAnyToken)
      return this.#reject("unauthenticated", 4401, "wrong token", message.id)
    this.#isReady = true
    const { scopes = ["read", "control", "admin"] } = this.#fault
    this.#send({ type: "ready", id: message.id, scopes, accounts: [1], capabilities: [] })
  }

  #subscribe({ id, topics, filter, since, snapshot }: Extract<ClientMessage, { type: "subscribe" }>) {
    if (topics.some((topic) => topic !== "*")) return this.#error("unsupported", id)
    if (this.#subscriptions.has(id)) return this.#error("duplicate_id", id)
    this.#subscriptions.add(id)
    const position = since === undefined ? null : parseCursor(since === "beginning" ? at(0).cursor : since)
    const isKnown =
      position?.epoch === epoch && (position.seq <= eventCount || this.#fault.acceptsAnyPosition === true)
    const respond = (resume: string, replayed: number) =>
      this.#send(
        snapshot === "none"
          ? { type: "subscribed", id, ...at(eventCount), resume, replayed }
          : {
              type: "snapshot",
              id,
              ...at(eventCount),
              asOf: time,
              ready: true,
              state: { accounts: [] },
              prompts: [],
              resume,
              replayed,
            },
      )
    this.#after(heartbeatDelayMs, () =>
      this.#send({ type: "heartbeat", ...at(eventCount), serverTime: time, sources: {} }),
    )
    if (since === undefined) return respond("live", 0)
    if (position === null || !isKnown) {
      const gap = { from: at(0).cursor, to: at(eventCount).cursor, reason: "restart" }
      this.#send({ type: "gap", id, ...gap, action: "snapshot_follows" })
      return respond("cannot_replay", 0)
    }
    const replayed = Math.max(0, eventCount - position.seq)
    respond(replayed === 0 ? "up_to_date" : "replayed", replayed)
    const isLeftOut = (seq: number) =>
      seq === backfilledSeq && filter?.backfilled !== true && this.#fault.ignoresFilters !== true
    for (let seq = position.seq + 1; seq <= eventCount; seq++)
      if (!isLeftOut(seq)) this.#send({ ...loggedEvent(seq), sub: [id] })
  }
}

/** Starts the smallest server that follows the protocol, with a log of five events. Returns its URL. */
export const startReferenceServer = Effect.fnUntraced(function* (fault: Fault, authDeadlineMs: number) {
  const page = {
    events: Array.from({ length: eventCount }, (_, index) => loggedEvent(index + 1)),
    previous: at(0).cursor,
    next: at(eventCount).cursor,
    more: false,
  }
  const httpServer = createServer((_request, response) => {
    const body = fault.page === undefined ? page : fault.page(page)
    response.end(typeof body === "string" ? body : JSON.stringify(body))
  })
  const sockets = new WebSocketServer({
    server: httpServer,
    handleProtocols: () => fault.subprotocol ?? subprotocol,
  })
  sockets.on("connection", (socket) => new Connection(socket, fault, authDeadlineMs))
  yield* Effect.acquireRelease(
    Effect.callback<void>((resume) => {
      httpServer.listen(0, "127.0.0.1", () => resume(Effect.void))
    }),
    () =>
      Effect.sync(() => {
        for (const socket of sockets.clients) socket.terminate()
        httpServer.close()
        httpServer.closeAllConnections()
      }),
  )
  return `ws://127.0.0.1:${(httpServer.address() as AddressInfo).port}/`
})
