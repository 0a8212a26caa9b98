import type { CameraId, CameraKind, NetworkId } from "@blink-streams/model"
import {
  type Cause,
  Clock,
  Context,
  Duration,
  Effect,
  Layer,
  Queue,
  Redacted,
  type Scope,
  Stream,
} from "effect"
import { connect, type TLSSocket } from "node:tls"
import { BlinkApi } from "./BlinkApi.ts"
import { type BlinkError, blinkError } from "./BlinkError.ts"
import { oauth } from "./internal/endpoints/catalog.ts"
import {
  encodeFrame,
  frameTypes,
  handshake,
  makeFrameReader,
  parseRelay,
  type RelayAddress,
} from "./internal/liveView/frames.ts"
import { commandOutcome } from "./internal/commands/commandOutcome.ts"
import { NetworkQueue } from "./NetworkQueue.ts"
import type { LiveViewResponse } from "./internal/wire/camera.ts"
import { CommandFailed, NotSupported, Unreachable } from "./Reason.ts"

/** Camera of a live view. */
export interface LiveViewTarget {
  readonly network: NetworkId
  readonly kind: CameraKind
  readonly camera: CameraId
}

const operation = "live view"
/** The relay drops clients that are silent for about 15 s. */
const keepAliveInterval = "10 seconds"
const latencyInterval = "1 second"
const emptyLatency = new Uint8Array(24)
/** A sync module that has just ended a live view rejects the next one for a short time. */
const restartDelay = Duration.seconds(3)
/** Battery cameras with poor radio take up to two minutes to send the first frame. */
const connectTimeout = "30 seconds"

const startSession = (
  api: BlinkApi["Service"],
  { network, kind, camera }: LiveViewTarget,
): Effect.Effect<LiveViewResponse, BlinkError> => {
  const input = { network, camera, body: { intent: "liveview", motion_event_start_time: null } } as const
  if (kind === "camera") return api.call(oauth.cameraLiveView, input)
  return kind === "mini" ? api.call(oauth.owlLiveView, input) : api.call(oauth.doorbellLiveView, input)
}

const unreachable = (cause: unknown) => blinkError(operation, new Unreachable({ cause }))

/** Connects to the relay. Its certificate is self-signed, so this socket does not verify it. */
const connectRelay = (relay: RelayAddress): Effect.Effect<TLSSocket, BlinkError, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.callback<TLSSocket, BlinkError>((resume) => {
      const socket = connect({ host: relay.host, port: relay.port, rejectUnauthorized: false })
      socket.once("secureConnect", () => resume(Effect.succeed(socket)))
      socket.once("error", (cause) => resume(Effect.fail(unreachable(cause))))
      return Effect.sync(() => socket.destroy())
    }).pipe(
      Effect.timeoutOrElse({
        duration: connectTimeout,
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
const keepAlive = (socket: TLSSocket) => {
  let sequence = 0
  const write = (type: number, payload: Uint8Array) =>
    Effect.sync(() => {
      socket.write(encodeFrame(type, sequence++, payload))
    })
  return Effect.all(
    [
      Effect.forever(
        Effect.andThen(write(frameTypes.keepAlive, new Uint8Array(0)), Effect.sleep(keepAliveInterval)),
      ),
      Effect.forever(Effect.andThen(Effect.sleep(latencyInterval), write(frameTypes.latency, emptyLatency))),
    ],
    { concurrency: 2, discard: true },
  )
}

/**
 * Live video of cameras. Drains the battery of a battery camera and blocks its sync module.
 *
 * @example
 * ```ts
 * const program = LiveView.use((live) =>
 *   live.watch({ network, kind: "mini", camera }).pipe(
 *     Stream.take(100),
 *     Stream.runForEach((bytes) => Effect.log(bytes.length)),
 *   ),
 * )
 * ```
 */
export class LiveView extends Context.Service<
  LiveView,
  {
    /**
     * Streams MPEG-TS bytes while the stream is read; slow reading slows the relay down. The session ends
     * with the stream, also on failure: an open session keeps the camera on and the network busy for minutes.
     *
     * **Errors.** `Busy` while the sync module is busy, `CommandFailed` (523) when the camera does not
     * respond, `Unreachable` when the relay cannot be reached, `NotSupported` for the oldest cameras, which
     * use RTSP.
     */
    watch(camera: LiveViewTarget): Stream.Stream<Uint8Array, BlinkError>
  }
>()("@blink-streams/core/LiveView") {
  static readonly layer: Layer.Layer<LiveView, never, BlinkApi | NetworkQueue> = Layer.effect(
    LiveView,
    Effect.gen(function* () {
      const api = yield* BlinkApi
      const queue = yield* NetworkQueue

      const endedAt = new Map<NetworkId, number>()

      const finishSession = (network: NetworkId, command: number) =>
        api.call(oauth.finishCommand, { network, command }).pipe(
          Effect.retry({ while: ({ category }) => category === "transient", times: 2 }),
          Effect.ignore,
          Effect.andThen(Clock.currentTimeMillis),
          Effect.map((now) => endedAt.set(network, now)),
        )

      const waitForRestart = Effect.fnUntraced(function* (network: NetworkId) {
        const lastEndedAt = endedAt.get(network)
        if (lastEndedAt === undefined) return
        const elapsed = (yield* Clock.currentTimeMillis) - lastEndedAt
        const remaining = Duration.toMillis(restartDelay) - elapsed
        if (elapsed >= 0 && remaining > 0) yield* Effect.sleep(remaining)
      })

      /**
       * Polls the session's command, which keeps the session open. Returns when the cloud reports the end.
       */
      const pollUntilDone = Effect.fnUntraced(function* (network: NetworkId, session: LiveViewResponse) {
        const interval = Duration.seconds(Math.max(1, session.polling_interval ?? 1))
        for (;;) {
          yield* Effect.sleep(interval)
          const state = yield* Effect.result(
            api.call(oauth.command, { network, command: session.command_id }),
          )
          if (state._tag === "Failure") {
            if (!state.failure.retryable) return yield* state.failure
            continue
          }
          const outcome = commandOutcome(state.success)
          if (outcome.status === "failed") {
            const { statusCode, detail } = outcome
            return yield* blinkError(operation, new CommandFailed({ statusCode, detail }))
          }
          if (outcome.status === "done") return outcome
        }
      })

      const watch = (camera: LiveViewTarget): Stream.Stream<Uint8Array, BlinkError> =>
        Stream.unwrap(
          Effect.gen(function* () {
            yield* queue.acquire(camera.network)
            yield* waitForRestart(camera.network)
            const session = yield* Effect.acquireRelease(startSession(api, camera), ({ command_id }) =>
              finishSession(camera.network, command_id),
            )
            // Polling starts at once: a battery camera may take longer to connect than the cloud waits for a
            // poll.
            const completion = yield* Queue.unbounded<never, BlinkError | Cause.Done>()
            yield* Effect.forkScoped(
              pollUntilDone(camera.network, session).pipe(
                Effect.matchEffect({
                  onSuccess: () => Queue.end(completion),
                  onFailure: (error) => Queue.fail(completion, error),
                }),
              ),
            )
            const relay = parseRelay(session.server ?? "")
            if (relay === null) {
              return yield* blinkError(
                operation,
                new NotSupported({ detail: "the relay uses another protocol" }),
              )
            }
            const socket = yield* connectRelay(relay)
            const token = session.liveview_token
            socket.write(handshake(relay, token ? Redacted.make(token) : null))
            yield* Effect.forkScoped(keepAlive(socket))
            const readFrames = makeFrameReader()
            const videos = Stream.fromAsyncIterable<Uint8Array, BlinkError>(socket, unreachable).pipe(
              Stream.mapEffect((chunk) => {
                const frames = readFrames(chunk)
                return frames === null
                  ? Effect.fail(unreachable(new Error("the relay sent an invalid frame")))
                  : Effect.succeed(frames)
              }),
              Stream.flatMap(Stream.fromIterable),
            )
            return Stream.merge(videos, Stream.fromQueue(completion), { haltStrategy: "either" })
          }),
        )

      return { watch }
    }),
  )
}
