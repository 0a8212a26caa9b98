import { Cause, Data, Effect, Exit, Queue, Schema } from "effect"
import type { ClientMessage } from "../ClientMessage.ts"
import { subprotocol } from "../protocol.ts"
import { ServerMessage } from "../ServerMessage.ts"

type MessageOfType<Type extends ServerMessage["type"]> = Extract<ServerMessage, { readonly type: Type }>

/** The server violates a rule of the protocol. */
export class Deviation extends Data.TaggedError("Deviation")<{ readonly detail: string }> {}

export const failDeviation = (detail: string) => Effect.fail(new Deviation({ detail }))

type SocketEvent =
  | { readonly type: "open"; readonly protocol: string }
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "closed"; readonly code: number; readonly reason: string }

const decodeMessage = Schema.decodeUnknownExit(Schema.fromJsonString(ServerMessage))

/** Formats the decode error of a frame on one line. */
const describeCause = (cause: Cause.Cause<Schema.SchemaError>) =>
  Cause.prettyErrors(cause)
    .map(({ message }) => message.replaceAll(/\s+/g, " ").slice(0, 200))
    .join("; ")

/** Websocket to the server under test. Every received frame must decode as a message of the protocol. */
export interface ProbeSocket {
  /** Subprotocol that the server has selected. */
  readonly protocol: Effect.Effect<string, Deviation>
  send(message: ClientMessage): Effect.Effect<void>
  sendRaw(frame: string | Uint8Array<ArrayBuffer>): Effect.Effect<void>
  /**
   * Returns the next message of `type` and skips messages that a server sends at any time
   * (`unsolicitedTypes`).
   */
  receive<Type extends ServerMessage["type"]>(type: Type): Effect.Effect<MessageOfType<Type>, Deviation>
  /** Skips all messages until the server closes the connection. */
  readonly closed: Effect.Effect<{ readonly code: number; readonly reason: string }, Deviation>
}

const unsolicitedTypes: ReadonlySet<string> = new Set([
  "heartbeat",
  "state",
  "event",
  "prompts",
  "command.status",
])

export const openProbeSocket = Effect.fnUntraced(function* (url: string, timeoutMs: number) {
  const events = yield* Queue.unbounded<SocketEvent>()
  const socket = yield* Effect.acquireRelease(
    Effect.sync(() => {
      const socket = new WebSocket(url, subprotocol)
      socket.addEventListener("open", () => {
        Queue.offerUnsafe(events, { type: "open", protocol: socket.protocol })
      })
      socket.addEventListener("message", ({ data }) => {
        Queue.offerUnsafe(events, { type: "text", text: String(data) })
      })
      socket.addEventListener("close", ({ code, reason }) => {
        Queue.offerUnsafe(events, { type: "closed", code, reason })
      })
      return socket
    }),
    (socket) => Effect.sync(() => socket.close()),
  )

  const nextEvent = Queue.take(events).pipe(
    Effect.timeoutOrElse({
      duration: timeoutMs,
      orElse: () => failDeviation(`no message within ${timeoutMs} ms`),
    }),
  )

  const receive = <Type extends ServerMessage["type"]>(
    type: Type,
  ): Effect.Effect<MessageOfType<Type>, Deviation> =>
    Effect.gen(function* () {
      for (;;) {
        const event = yield* nextEvent
        if (event.type === "closed")
          return yield* failDeviation(
            `closed with ${event.code} ${event.reason} before a message of type ${type}`,
          )
        if (event.type === "open") continue
        const message = decodeMessage(event.text)
        if (Exit.isFailure(message))
          return yield* failDeviation(
            `not a message of the protocol (${describeCause(message.cause)}): ${event.text.slice(0, 200)}`,
          )
        const hasType = (message: ServerMessage): message is MessageOfType<Type> => message.type === type
        if (hasType(message.value)) return message.value
        if (!unsolicitedTypes.has(message.value.type))
          return yield* failDeviation(`${message.value.type} instead of ${type}`)
      }
    })

  const probe: ProbeSocket = {
    receive,
    protocol: Effect.gen(function* () {
      const event = yield* nextEvent
      return event.type === "open" ? event.protocol : yield* failDeviation("the upgrade was refused")
    }),
    send: (message) => Effect.sync(() => socket.send(JSON.stringify(message))),
    sendRaw: (frame) => Effect.sync(() => socket.send(frame)),
    closed: Effect.gen(function* () {
      for (;;) {
        const event = yield* nextEvent
        if (event.type === "closed") return event
      }
    }),
  }
  return probe
})
