import type { CameraId, CameraKind, NetworkId } from "@blink-streams/model/Ids"
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
import { type BlinkError, blinkError, CommandFailed, NotSupported, Unreachable } from "./BlinkError.ts"
import { oauth } from "./endpoints/catalog.ts"
import {
  frame,
  frameTypes,
  greeting,
  makeFrameReader,
  parseRelay,
  type RelayAddress,
} from "./internal/immi.ts"
import { verdict } from "./internal/verdict.ts"
import { NetworkQueue } from "./NetworkQueue.ts"
import type { LiveViewAnswer } from "./wire/camera.ts"

/** Whose picture. */
export interface ViewedCamera {
  readonly network: NetworkId
  readonly kind: CameraKind
  readonly camera: CameraId
}

const operation = "live view"
/** The relay drops who is silent for about 15 s. */
const keepAliveEvery = "10 seconds"
const latencyEvery = "1 second"
const emptyLatency = new Uint8Array(24)
/** A sync module that has just ended a live view refuses the next one for a moment. */
const restAfter = Duration.seconds(3)
/** Battery cameras with poor radio take up to two minutes to show the first picture. */
const connectWithin = "30 seconds"

const start = (
  api: BlinkApi["Service"],
  { network, kind, camera }: ViewedCamera,
): Effect.Effect<LiveViewAnswer, BlinkError> => {
  const input = { network, camera, body: { intent: "liveview", motion_event_start_time: null } } as const
  if (kind === "camera") return api.call(oauth.cameraLiveView, input)
  return kind === "mini" ? api.call(oauth.owlLiveView, input) : api.call(oauth.doorbellLiveView, input)
}

const unreachable = (cause: unknown) => blinkError(operation, new Unreachable({ cause }))

/** The relay's certificate vouches for itself only, so this one socket does not check it. */
const open = (relay: RelayAddress): Effect.Effect<TLSSocket, BlinkError, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.callback<TLSSocket, BlinkError>((resume) => {
      const socket = connect({ host: relay.host, port: relay.port, rejectUnauthorized: false })
      socket.once("secureConnect", () => resume(Effect.succeed(socket)))
      socket.once("error", (cause) => resume(Effect.fail(unreachable(cause))))
      return Effect.sync(() => socket.destroy())
    }).pipe(
      Effect.timeoutOrElse({
        duration: connectWithin,
        orElse: () => Effect.fail(unreachable(new Error("the relay did not answer"))),
      }),
    ),
    (socket) => Effect.sync(() => socket.destroy()),
    { interruptible: true },
  )

/** What keeps a session alive from our side: a frame every 10 s, and the statistics that the app sends every second. */
const stayAlive = (socket: TLSSocket) => {
  let sequence = 0
  const write = (type: number, payload: Uint8Array) =>
    Effect.sync(() => {
      socket.write(frame(type, sequence++, payload))
    })
  return Effect.all(
    [
      Effect.forever(
        Effect.andThen(write(frameTypes.keepAlive, new Uint8Array(0)), Effect.sleep(keepAliveEvery)),
      ),
      Effect.forever(Effect.andThen(Effect.sleep(latencyEvery), write(frameTypes.latency, emptyLatency))),
    ],
    { concurrency: 2, discard: true },
  )
}

/**
 * The picture of a camera as it is now. Costs a battery camera a great deal, and keeps its sync module from doing
 * anything else.
 */
export class LiveView extends Context.Service<
  LiveView,
  {
    /**
     * MPEG-TS bytes for as long as the stream is read; a slow reader slows the relay down. The session ends with
     * the stream, also when it fails: one that is left open keeps the camera lit and the network busy for minutes.
     *
     * **Errors.** `Busy` while the sync module does something else, `CommandFailed` (523) when the camera does not
     * answer, `Unreachable` when the relay cannot be had, `NotSupported` for the oldest cameras, which speak RTSP.
     */
    watch(camera: ViewedCamera): Stream.Stream<Uint8Array, BlinkError>
  }
>()("@blink-streams/core/LiveView") {
  static readonly layer: Layer.Layer<LiveView, never, BlinkApi | NetworkQueue> = Layer.effect(
    LiveView,
    Effect.gen(function* () {
      const api = yield* BlinkApi
      const queue = yield* NetworkQueue

      const endedAt = new Map<NetworkId, number>()

      const finish = (network: NetworkId, command: number) =>
        api.call(oauth.finishCommand, { network, command }).pipe(
          Effect.retry({ while: ({ category }) => category === "transient", times: 2 }),
          Effect.ignore,
          Effect.andThen(Clock.currentTimeMillis),
          Effect.map((now) => endedAt.set(network, now)),
        )

      const rested = Effect.fnUntraced(function* (network: NetworkId) {
        const ended = endedAt.get(network)
        if (ended === undefined) return
        const since = (yield* Clock.currentTimeMillis) - ended
        const left = Duration.toMillis(restAfter) - since
        if (since >= 0 && left > 0) yield* Effect.sleep(left)
      })

      /** Asking is what keeps the session; it ends when the cloud says that it is over. */
      const follow = Effect.fnUntraced(function* (network: NetworkId, answer: LiveViewAnswer) {
        const every = Duration.seconds(Math.max(1, answer.polling_interval ?? 1))
        for (;;) {
          yield* Effect.sleep(every)
          const state = yield* Effect.result(api.call(oauth.command, { network, command: answer.command_id }))
          if (state._tag === "Failure") {
            if (!state.failure.retryable) return yield* state.failure
            continue
          }
          const outcome = verdict(state.success)
          if (outcome.is === "failed") {
            const { statusCode, what } = outcome
            return yield* blinkError(operation, new CommandFailed({ statusCode, what }))
          }
          if (outcome.is === "done") return outcome
        }
      })

      const watch = (camera: ViewedCamera): Stream.Stream<Uint8Array, BlinkError> =>
        Stream.unwrap(
          Effect.gen(function* () {
            yield* queue.turn(camera.network)
            yield* rested(camera.network)
            const answer = yield* Effect.acquireRelease(start(api, camera), ({ command_id }) =>
              finish(camera.network, command_id),
            )
            // From the start: a battery camera and its relay may take longer than the cloud waits for a sign of life.
            const over = yield* Queue.unbounded<never, BlinkError | Cause.Done>()
            yield* Effect.forkScoped(
              follow(camera.network, answer).pipe(
                Effect.matchEffect({
                  onSuccess: () => Queue.end(over),
                  onFailure: (error) => Queue.fail(over, error),
                }),
              ),
            )
            const relay = parseRelay(answer.server ?? "")
            if (relay === null) {
              return yield* blinkError(
                operation,
                new NotSupported({ what: "a relay that speaks another protocol" }),
              )
            }
            const socket = yield* open(relay)
            const token = answer.liveview_token
            socket.write(greeting(relay, token ? Redacted.make(token) : null))
            yield* Effect.forkScoped(stayAlive(socket))
            const read = makeFrameReader()
            const videos = Stream.fromAsyncIterable<Uint8Array, BlinkError>(socket, unreachable).pipe(
              Stream.mapEffect((piece) => {
                const found = read(piece)
                return found === null
                  ? Effect.fail(unreachable(new Error("the relay sends what we cannot read")))
                  : Effect.succeed(found)
              }),
              Stream.flatMap(Stream.fromIterable),
            )
            return Stream.merge(videos, Stream.fromQueue(over), { haltStrategy: "either" })
          }),
        )

      return { watch }
    }),
  )
}
