import { Cause, Data, Effect, Exit, Queue, Schema } from "effect"
import type { ClientMessage } from "../ClientMessage.ts"
import { subprotocol } from "../protocol.ts"
import { ServerMessage } from "../ServerMessage.ts"

type Of<Type extends ServerMessage["type"]> = Extract<ServerMessage, { readonly type: Type }>

/** What a server did instead of what the protocol asks of it. */
export class Deviation extends Data.TaggedError("Deviation")<{ readonly found: string }> {}

export const deviates = (found: string) => Effect.fail(new Deviation({ found }))

type Heard =
  | { readonly type: "open"; readonly protocol: string }
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "closed"; readonly code: number; readonly reason: string }

const decode = Schema.decodeUnknownExit(Schema.fromJsonString(ServerMessage))

/** What is wrong with a frame, on one line. */
const faultOf = (cause: Cause.Cause<Schema.SchemaError>) =>
  Cause.prettyErrors(cause)
    .map(({ message }) => message.replaceAll(/\s+/g, " ").slice(0, 200))
    .join("; ")

/** A socket to a server that is being examined: every frame has to be a message. */
export interface Wire {
  readonly protocol: Effect.Effect<string, Deviation>
  say(message: ClientMessage): Effect.Effect<void>
  sayRaw(frame: string | Uint8Array<ArrayBuffer>): Effect.Effect<void>
  /** The next message of a type. `heartbeat` and `state`, which may come at any time, are passed over. */
  next<Type extends ServerMessage["type"]>(type: Type): Effect.Effect<Of<Type>, Deviation>
  /** Passes over what comes until the server has closed. */
  readonly closed: Effect.Effect<{ readonly code: number; readonly reason: string }, Deviation>
}

const atAnyTime: ReadonlySet<string> = new Set(["heartbeat", "state", "event", "prompts", "command.status"])

export const openWire = Effect.fnUntraced(function* (url: string, patienceMs: number) {
  const heard = yield* Queue.unbounded<Heard>()
  const socket = yield* Effect.acquireRelease(
    Effect.sync(() => {
      const socket = new WebSocket(url, subprotocol)
      socket.addEventListener("open", () => {
        Queue.offerUnsafe(heard, { type: "open", protocol: socket.protocol })
      })
      socket.addEventListener("message", ({ data }) => {
        Queue.offerUnsafe(heard, { type: "text", text: String(data) })
      })
      socket.addEventListener("close", ({ code, reason }) => {
        Queue.offerUnsafe(heard, { type: "closed", code, reason })
      })
      return socket
    }),
    (socket) => Effect.sync(() => socket.close()),
  )

  const take = Queue.take(heard).pipe(
    Effect.timeoutOrElse({
      duration: patienceMs,
      orElse: () => deviates(`nothing came within ${patienceMs} ms`),
    }),
  )

  const next = <Type extends ServerMessage["type"]>(type: Type): Effect.Effect<Of<Type>, Deviation> =>
    Effect.gen(function* () {
      for (;;) {
        const found = yield* take
        if (found.type === "closed")
          return yield* deviates(`closed with ${found.code} ${found.reason} before a message of type ${type}`)
        if (found.type === "open") continue
        const message = decode(found.text)
        if (Exit.isFailure(message))
          return yield* deviates(
            `no message of the protocol (${faultOf(message.cause)}): ${found.text.slice(0, 200)}`,
          )
        const isWanted = (message: ServerMessage): message is Of<Type> => message.type === type
        if (isWanted(message.value)) return message.value
        if (!atAnyTime.has(message.value.type))
          return yield* deviates(`${message.value.type} instead of ${type}`)
      }
    })

  const wire: Wire = {
    next,
    protocol: Effect.gen(function* () {
      const first = yield* take
      return first.type === "open" ? first.protocol : yield* deviates("the upgrade was refused")
    }),
    say: (message) => Effect.sync(() => socket.send(JSON.stringify(message))),
    sayRaw: (frame) => Effect.sync(() => socket.send(frame)),
    closed: Effect.gen(function* () {
      for (;;) {
        const found = yield* take
        if (found.type === "closed") return found
      }
    }),
  }
  return wire
})
