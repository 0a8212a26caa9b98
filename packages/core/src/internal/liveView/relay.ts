import { Effect, type Scope } from "effect"
import { connect, type TLSSocket } from "node:tls"
import { type BlinkError, blinkError } from "../../BlinkError.ts"
import { Unreachable } from "../../Reason.ts"
import { encodeFrame, frameTypes } from "./frames.ts"
import {
  relayConnectTimeout,
  relayKeepAliveInterval,
  relayLatencyInterval,
} from "../rateLimit/retryPolicy.ts"
import type { RelayAddress } from "./relayAddress.ts"

const emptyLatency = new Uint8Array(24)

export const unreachable = (cause: unknown) => blinkError("live view", new Unreachable({ cause }), "yes")

/** Connects to the relay. Its certificate is self-signed, so this socket does not verify it. */
export const connectRelay = (relay: RelayAddress): Effect.Effect<TLSSocket, BlinkError, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.callback<TLSSocket, BlinkError>((resume) => {
      const socket = connect({ host: relay.host, port: relay.port, rejectUnauthorized: false })
      socket.once("secureConnect", () => resume(Effect.succeed(socket)))
      socket.once("error", (cause) => resume(Effect.fail(unreachable(cause))))
      return Effect.sync(() => socket.destroy())
    }).pipe(
      Effect.timeoutOrElse({
        duration: relayConnectTimeout,
        orElse: () => Effect.fail(unreachable(new Error("the relay did not respond"))),
      }),
    ),
    (socket) => Effect.sync(() => socket.destroy()),
    { interruptible: true },
  )

/**
 * Keeps the session alive: a keep-alive frame every 10 s, and the latency statistics that the vendor's app
 * sends every second.
 */
export const keepAlive = (socket: TLSSocket) => {
  let sequence = 0
  const write = (type: number, payload: Uint8Array) =>
    Effect.sync(() => {
      socket.write(encodeFrame(type, sequence++, payload))
    })
  return Effect.all(
    [
      Effect.forever(
        Effect.andThen(write(frameTypes.keepAlive, new Uint8Array(0)), Effect.sleep(relayKeepAliveInterval)),
      ),
      Effect.forever(
        Effect.andThen(Effect.sleep(relayLatencyInterval), write(frameTypes.latency, emptyLatency)),
      ),
    ],
    { concurrency: 2, discard: true },
  )
}
